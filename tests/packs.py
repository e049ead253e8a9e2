"""Small packs for tests: valid as they come, with any part replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import yaml

__all__ = ["DOCUMENT", "DOMAIN", "FACTS", "RULE", "rule", "write_pack"]

DOMAIN: Final = "demo"
DOCUMENT: Final = "demo-2026"

FACTS: Final[dict[str, Any]] = {
    "height": {"type": "number", "label": "演示平台的高度", "unit": "米", "min": 0, "max": 100},
    "guard": {
        "type": "enum",
        "label": "演示平台护栏的状态",
        "of": {"working": "完好", "failed": "损坏", "absent": "没有"},
    },
}
"""The facts ``demo.height`` and ``demo.guard``; the default rule reads both."""


def rule(
    number: str,
    when: str,
    hit: Sequence[Mapping[str, Any]] = (),
    miss: Sequence[Mapping[str, Any]] = (),
    open_: Sequence[Mapping[str, Any]] = (),
    *,
    document: str = DOCUMENT,
    **more: Any,
) -> dict[str, Any]:
    """A rule as its file states it; ``number`` follows the document's id."""
    stated: dict[str, Any] = {"id": f"{document}.{number}", "ref": f"第{number}条", "title": f"演示情形{number}"}
    stated |= {"when": when, "hit": [*map(dict, hit)], "miss": [*map(dict, miss)]}
    return stated | ({"open": [*map(dict, open_)]} if open_ else {}) | more


RULE: Final = rule(
    "1",
    'demo.height > 2 and demo.guard != "working"',
    hit=[{"demo.height": 3, "demo.guard": "failed"}],
    miss=[{"demo.height": 2, "demo.guard": "failed"}, {"demo.height": 3, "demo.guard": "working"}],
    open_=[{"demo.height": 3}],
)
"""A rule without any fault: its examples come out as declared and notice every change of its condition."""


def write_pack(
    folder: Path,
    *,
    id: str = "demo",  # noqa: A002  # called as the file calls it
    domain: str = DOMAIN,
    facts: Mapping[str, Any] | str = FACTS,
    rules: Sequence[Mapping[str, Any]] = (RULE,),
    elements: Sequence[Mapping[str, Any]] = (),
    tables: Mapping[str, Any] | None = None,
    document: Mapping[str, Any] | str | None = None,
    industries: Sequence[Mapping[str, Any]] | str | None = None,
    deadlines: Mapping[str, Any] | str | None = None,
    files: Mapping[str, str] | None = None,
    **head: Any,
) -> Path:
    """Write a pack and give back its folder; without arguments it is valid, beside the national pack as well.

    :param facts: the facts of ``domain`` by name, or the whole text of their file.
    :param rules: the rules of the document (made with ``rule()``), ``demo-2026`` unless ``document`` says otherwise; so
        are ``elements`` and ``tables``.
    :param document: what differs in the document's head, or the whole text of its file.
    :param industries: the entries of ``industries.yaml``, or its text; None for no such file.
    :param deadlines: the content of ``deadlines.yaml``, or its text; None for no such file.
    :param files: further files by their path in the pack.
    :param head: what differs in ``pack.yaml``.
    """
    stated = {"id": id, "title": "演示规则包", "version": "2026.1.0", "region": "CN"} | head
    written: dict[str, Any] = {"pack.yaml": stated, f"facts/{domain}.yaml": facts}
    if not isinstance(facts, str):
        written[f"facts/{domain}.yaml"] = {"domain": domain, "label": "演示", "facts": dict(facts)}
    top: dict[str, Any] = {
        "id": DOCUMENT,
        "title": "演示判定标准",
        "number": "演示令第1号",
        "issuer": "演示部",
        "rank": "部门规章",
        "issued": "2026-01-01",
        "effective": "2026-02-01",
        "expires": None,
        "industries": ["*"],
        "coverage": "full",
    }
    if isinstance(document, str):
        written[f"documents/{DOCUMENT}.yaml"] = document
    else:
        top |= document or {}
        body = {"document": top, "tables": dict(tables or {}), "elements": [*elements], "rules": [*rules]}
        written[f"documents/{top['id']}.yaml"] = body
    if industries is not None:
        written["industries.yaml"] = industries if isinstance(industries, str) else {"industries": [*industries]}
    if deadlines is not None:
        written["deadlines.yaml"] = deadlines
    for name, content in (written | dict(files or {})).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else _text(content), encoding="utf-8")
    return folder


def _text(content: Any) -> str:
    return yaml.dump(content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=1_000)


class _Plain(yaml.SafeDumper):
    """Writes without anchors, which packs may not have, and exact decimals."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002  # the signature is the library's
        """Write everything out."""
        return True

    def decimal(self, value: Decimal) -> yaml.ScalarNode:
        """A number with all its digits."""
        return self.represent_scalar("tag:yaml.org,2002:float", format(value, "f"))


_Plain.add_representer(Decimal, _Plain.decimal)
