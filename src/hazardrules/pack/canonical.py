"""One text for one content: what fingerprints are made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic_core import to_json

from hazardrules.lang.nodes import facts_read
from hazardrules.lang.text import to_text
from hazardrules.record import Record

__all__ = ["digest"]

_SKIPPED: Final = {"origin", "file", "line", "gate_line", "examples", "reads", "stands_under", "fingerprint"}
"""Where a thing lies on disk, and what follows from the rest."""


def digest(value: Any) -> str:
    """The SHA-256 of anything that a pack holds: the same content gives the same wherever it lies."""
    return hashlib.sha256(to_json(_canonical(value))).hexdigest()


def _canonical(value: Any) -> Any:
    """Plain data, its keys sorted: conditions as canonical text with the facts that they read."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list | tuple):
        return [_canonical(item) for item in value]
    if isinstance(value, Record):
        names = sorted([name for name in value.__match_args__ if name not in _SKIPPED])
        return {name: _canonical(_plain_field(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {key: _canonical(item) for key, item in sorted((str(key), item) for key, item in value.items())}
    if isinstance(value, frozenset):
        return sorted(value)
    return [_canonical(item) for item in value] if isinstance(value, Sequence) else str(value)


def _plain_field(value: Any, name: str) -> Any:
    item = getattr(value, name)
    if name in ("condition", "gate"):
        return None if item is None else [to_text(item), list(facts_read(item))]
    return item
