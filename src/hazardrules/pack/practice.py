"""What a programme names must be there: industries, domains, programmes, events, and what practices rest on."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from hazardrules.errors import PackErrors
from hazardrules.kinds import EVENT_LABELS
from hazardrules.nearest import nearest_hint
from hazardrules.pack.content import Industry
from hazardrules.pack.loading import Loading
from hazardrules.pack.programmes import PROGRAMME, ProgrammeFile, ProgrammeSpec, read_programmes
from hazardrules.pack.reader import Trail, YamlFile

__all__ = ["check_programmes"]

_PARTS: Final = ("scope", "phases", "cadence", "escalation", "closing", "checklists", "practices")
_RESTS_ON: Final = {
    "scope": "scope",
    "phases": "phases",
    "calendar": "cadence",
    "escalation": "escalation",
    "closing": "closing",
    "ranking": "scoring",
}
"""The means of a practice that are nothing without a part of the programme."""


def check_programmes(loading: Loading, industries: Sequence[Industry], domains: Collection[str]) -> None:
    """Read ``programme.yaml``, if there is one, and note what is wrong with it.

    :param industries: those of the pack itself.
    :param domains: those of the pack and of its parents.
    """
    file, shaped = loading.optional(PROGRAMME, ProgrammeFile)
    if shaped is None:
        return
    known = {i.id for i in (*industries, *(i for parent in loading.parents for i in parent.industries))}
    own = {programme.id: programme for programme in shaped.programmes}
    inherited = _inherited(loading)
    ids: set[str] = set()
    for index, programme in enumerate(shaped.programmes):
        trail: Trail = ("programmes", index)
        if programme.id in ids or programme.id in inherited:
            file.error("HR401", (*trail, "id"), f"标识 {programme.id} 重复")
        ids.add(programme.id)
        _check_parent(file, trail, programme, own, inherited)
        _check_entries(file, trail, programme, known if not loading.unreadable else None)
        _check_references(file, trail, programme, domains)
    loading.take(file)


def _inherited(loading: Loading) -> set[str]:
    found: set[str] = set()
    for parent in loading.parents:
        try:
            found |= {programme.id for programme in read_programmes(Path(parent.origin))}
        except PackErrors:  # its own load tells them
            continue
    return found


def _check_parent(
    file: YamlFile,
    trail: Trail,
    programme: ProgrammeSpec,
    own: dict[str, ProgrammeSpec],
    inherited: Collection[str],
) -> None:
    wider = programme.carries_out
    seen = {programme.id}
    while wider is not None and wider in own and wider not in seen:
        seen.add(wider)
        wider = own[wider].carries_out
    if wider in seen:
        file.error("HR402", (*trail, "carries_out"), f"carries_out 绕一圈回到了 {wider}")
    elif wider is not None and wider not in inherited and wider == programme.carries_out:
        names = {*own, *inherited} - {programme.id}
        file.error("HR402", (*trail, "carries_out"), f"没有专项行动 {wider}", nearest_hint(wider, names))


def _check_entries(file: YamlFile, trail: Trail, programme: ProgrammeSpec, industries: Collection[str] | None) -> None:
    """Ids stand once; industries exist."""
    ids: set[str] = set()
    for part in _PARTS:
        for number, entry in enumerate(getattr(programme, part)):
            here: Trail = (*trail, part, number)
            if entry.id in ids:
                file.error("HR401", (*here, "id"), f"标识 {entry.id} 重复")
            ids.add(entry.id)
            for one in getattr(entry, "industries", ()):
                if industries is not None and one not in industries:
                    file.error("HR402", (*here, "industries"), f"没有行业 {one}", nearest_hint(one, industries))


def _check_references(file: YamlFile, trail: Trail, programme: ProgrammeSpec, domains: Collection[str]) -> None:
    """Domains and events exist, steps of pressure grow, and practices rest on something."""
    least = 0
    for number, step in enumerate(programme.escalation):
        here: Trail = (*trail, "escalation", number, "when")
        for domain in step.when.domains:
            if domain not in domains:
                file.error("HR402", (*here, "domains"), f"没有事实域 {domain}", nearest_hint(domain, domains))
        days = step.when.overdue_days
        if days is not None and days < least:
            file.error(
                "HR203", (*here, "overdue_days"), f"后一步的逾期天数 {days} 小于前一步的 {least}", "从轻到重排列"
            )
        least = max(least, days or 0)
    for number, stage in enumerate(programme.closing):
        for event in stage.needs:
            if event not in EVENT_LABELS:
                hint = nearest_hint(event, EVENT_LABELS)
                file.error("HR402", (*trail, "closing", number, "needs"), f"没有事件 {event}", hint)
    for number, practice in enumerate(programme.practices):
        for means in practice.by:
            part = _RESTS_ON.get(means)
            if part is not None and not getattr(programme, part):
                problem = f"by 里写了 {means},而本专项行动没有 {part}"
                file.error("HR402", (*trail, "practices", number, "by"), problem, f"补上 {part},或者从 by 里删去")
