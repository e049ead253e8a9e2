"""A pytest plugin: the examples of a pack as test items, so that a pack author's own CI runs them.

Any collected folder with a ``pack.yaml`` gives an item for ``check``, one for each example, and one a rule for the
question whether every part of its condition decides an example. Nothing but pytest is imported until a pack is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hazardrules.errors import PackError
    from hazardrules.pack.content import FactDef, Rule

__all__ = ["PackFile", "PackItem", "RuleNode", "pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take every ``pack.yaml`` that has another part of a pack beside it."""
    beside = ("documents", "facts", "deadlines.yaml", "industries.yaml")
    if file_path.name == "pack.yaml" and any((file_path.parent / name).exists() for name in beside):
        return PackFile.from_parent(parent, path=file_path)
    return None


class PackFile(pytest.File):
    """One pack."""

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """An item for ``check``, and if the pack can be read, the examples of each rule."""
        from hazardrules.pack.check import check_pack, open_pack  # noqa: PLC0415  # see the module's docstring
        from hazardrules.pack.examples import undecided_gate  # noqa: PLC0415

        opened = open_pack(self.path.parent)
        yield PackItem.make(self, "check", partial(check_pack, opened))
        for document in opened.pack.documents if opened.pack is not None and not opened.problems else ():
            if document.gate is not None:
                yield PackItem.make(self, f"{document.id}.gate", partial(undecided_gate, document, opened.vocabulary))
            for rule in (*document.elements, *document.rules):
                yield RuleNode.make(self, rule, opened.vocabulary)


class RuleNode(pytest.Collector):
    """One rule or element, with its examples."""

    rule: Rule
    vocabulary: Mapping[str, FactDef]

    @classmethod
    def make(cls, parent: PackFile, rule: Rule, vocabulary: Mapping[str, FactDef]) -> RuleNode:
        """The node of a rule."""
        node: RuleNode = cls.from_parent(parent, name=rule.id)
        node.rule, node.vocabulary = rule, vocabulary
        return node

    def collect(self) -> Iterable[pytest.Item]:
        """An item for each example, and one for what no example decides."""
        from hazardrules.pack.examples import check_example, undecided  # noqa: PLC0415

        for index, example in enumerate(self.rule.examples):
            problems = partial(check_example, self.rule, example, self.vocabulary)
            yield PackItem.make(self, f"{example.kind}[{index}]", problems)
        if not self.rule.manual:
            yield PackItem.make(self, "decided", partial(undecided, self.rule, self.vocabulary))


class PackItem(pytest.Item):
    """One thing to hold true of a pack: ``problems()`` gives what speaks against it."""

    problems: Callable[[], Iterable[PackError]]

    @classmethod
    def make(cls, parent: pytest.Collector, name: str, problems: Callable[[], Iterable[PackError]]) -> PackItem:
        """An item that passes where ``problems()`` is empty."""
        item: PackItem = cls.from_parent(parent, name=name)
        item.problems = problems
        return item

    def runtest(self) -> None:
        """Fail with every problem found."""
        found = list(self.problems())
        if found:
            pytest.fail("\n".join(map(str, found)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands, for reports."""
        return self.path, None, self.name
