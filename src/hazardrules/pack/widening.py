"""Documents as they are meant for values that other packs add to facts; see ``lang.widen``."""

from __future__ import annotations

from collections.abc import Mapping

from hazardrules.lang.widen import Likes, widen
from hazardrules.pack.content import Added, Document, Rule
from hazardrules.record import changed

__all__ = ["likes", "widened"]


def likes(extends: Mapping[str, Mapping[str, Added]]) -> dict[str, dict[str, str]]:
    """By fact: each added value and the one that it counts as."""
    return {id_: {value: added.like for value, added in more.items()} for id_, more in extends.items()}


def widened(document: Document, values: Likes) -> Document:
    """The document with its conditions as they are meant for values that were added later."""

    def rule(one: Rule) -> Rule:
        return changed(
            one,
            condition=None if one.condition is None else widen(one.condition, values),
            stands_under=None if one.stands_under is None else widen(one.stands_under, values),
            also_cited=tuple(changed(also, condition=widen(also.condition, values)) for also in one.also_cited),
        )

    return changed(
        document,
        rules=document.rules.changed(rule),
        elements=document.elements.changed(rule),
        gate=None if document.gate is None else widen(document.gate, values),
    )
