"""Methods that lead upstairs: what makes papers or runs a programme is imported when it is asked for, not before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from hazardrules.batch import FrameResult
    from hazardrules.model import Judgment
    from hazardrules.outputs.card import Card
    from hazardrules.outputs.checklist import Checklist
    from hazardrules.outputs.columns import Columns
    from hazardrules.outputs.notice import Notice
    from hazardrules.programme import Programme
    from hazardrules.rulebook import RuleBook

__all__ = ["BookDoors", "JudgmentDoors"]


class BookDoors:
    """What a rule book gives besides judging: programmes, and papers to carry away."""

    __slots__ = ()

    def classify_frame(self, frame: Any, **given: Any) -> FrameResult:
        """Judge every row of a dataframe by this book.

        :param given: the arguments of ``batch.classify_frame``, but ``book``.
        :raises InputError: with every problem of the columns and arguments.
        """
        from hazardrules.batch import classify_frame  # noqa: PLC0415  # not for judging one observation

        return classify_frame(frame, book=cast("RuleBook", self), **given)

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

    def checklist(
        self,
        industry: str | Iterable[str] | None = None,
        *,
        on: date | None = None,
        topic: str | None = None,
        words: Sequence[str] | None = None,
        without: Sequence[str] = (),
        rules: Sequence[str] | None = None,
        columns: Columns | None = None,
        departments: Mapping[str, Sequence[str]] | None = None,
    ) -> Checklist:
        """The checklist of an industry or a topic: a row a criterion, document by document as an inspector walks.

        :param industry: id, label or alias, or several; None for criteria of every industry.
        :param on: the day whose law applies; default: today in China.
        :param topic: what the checklist is called; where there are no ``words``, it is the word to look for.
        :param words: only criteria whose group, title or fact labels hold one of these; an entry with spaces holds
            where all its words do.
        :param without: phrases in which a word doesn't count.
        :param rules: only the criteria with these ids.
        :param columns: headings of the columns (检查内容、检查方式、问题表现、整改要求、依据、责任部门, or 查什么、
            谁去查、怎么查), or a mapping of them to other headings.
        :param departments: who is responsible, by industry (id, label or alias), document id, or ``"*"`` for what holds
            for every industry; where nothing is said, the issuer of the document stands there, marked as such.
        :raises UnknownIndustryError: for an industry that is not known.
        :raises UnknownRuleError: for ids that are not known or not in force.
        :raises InputError: for columns that are not known, or where no criterion is left.
        """
        from hazardrules.outputs.checklist import make_checklist  # noqa: PLC0415  # not for judging

        return make_checklist(
            cast("RuleBook", self),
            industry,
            on=on,
            topic=topic,
            words=words,
            without=without,
            rules=rules,
            columns=columns,
            departments=departments,
        )

    def card(self, industry: str | Iterable[str], *, on: date | None = None) -> Card:
        """The card (提示卡/明白纸) for a firm of an industry: one page of A4.

        :param industry: id, label or alias, or several.
        :param on: the day whose law applies; default: today in China.
        :raises UnknownIndustryError: for an industry that is not known.
        """
        from hazardrules.outputs.card import make_card  # noqa: PLC0415  # not for judging

        return make_card(cast("RuleBook", self), industry, on=on)

    def export(self, path: str | Path, *, format: str | None = None, overwrite: bool = False) -> Path:  # noqa: A002
        """Write the catalogue as a SQLite database, a folder of Parquet files, a JSON document or an Excel workbook.

        See ``outputs.export.export``.

        :param format: ``sqlite``, ``parquet``, ``json`` or ``excel``; None: by the suffix of the path.
        :param overwrite: replace what is there; judgments in a SQLite database are kept.
        :raises InputError: for an unknown suffix or format, and for what is there already or can't be written.
        """
        from hazardrules.outputs.export import export  # noqa: PLC0415  # not for judging

        return export(cast("RuleBook", self), path, format=format, overwrite=overwrite)


class JudgmentDoors:
    """What is made of a judgment to carry away."""

    __slots__ = ()

    def to_notice(
        self,
        *,
        unit: str | None = None,
        place: str | None = None,
        inspector: str | Sequence[str] | None = None,
        authority: str | None = None,
        number: str | None = None,
        book: RuleBook | None = None,
    ) -> Notice:
        """The draft of a rectification notice; what is not given is left blank to be filled in, nothing is invented.

        :param unit: the addressee.
        :param place: where the hazard was found.
        :param inspector: who inspected, one name or several.
        :param authority: who issues the notice.
        :param number: the number of the instrument.
        :param book: the rule book that names the facts; default: that of the judgment's region.
        :raises FactValueError: for a text that cannot be printed, all of them at once.
        """
        from hazardrules.outputs.notice import make_notice  # noqa: PLC0415  # not for judging

        return make_notice(
            cast("Judgment", self),
            unit=unit,
            place=place,
            inspector=inspector,
            authority=authority,
            number=number,
            book=book,
        )
