"""Methods that lead upstairs: what they give is imported when it is asked for, not before."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from hazardrules.programme import Programme
    from hazardrules.rulebook import RuleBook

__all__ = ["BookDoors"]


class BookDoors:
    """What a rule book gives besides judging."""

    @cached_property
    def programmes(self) -> tuple[Programme, ...]:
        """The programmes (专项行动) of the packs, the national ones first. They are practice and not law.

        :raises PackErrors: where a pack's ``programme.yaml`` was changed since it was loaded and is no longer sound.
        """
        from hazardrules.programme import programmes_of  # noqa: PLC0415  # not for judging

        return programmes_of(cast("RuleBook", self))

    def programme(self, programme_id: str) -> Programme:
        """A programme by its id.

        :raises UnknownProgrammeError: with the nearest ids.
        """
        from hazardrules.programme import named_programme  # noqa: PLC0415  # not for judging

        return named_programme(cast("RuleBook", self), programme_id)
