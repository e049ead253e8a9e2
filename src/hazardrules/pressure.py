"""How pressure rises when nothing happens, and what a hazard's record still lacks: a programme's steps and stages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal

from pydantic import ValidationError

from hazardrules.errors import InputError, Problem, ProgrammeError, raise_all
from hazardrules.events import EVENT_LABELS, Event
from hazardrules.following import STATE_LABELS, FollowUp, HazardState
from hazardrules.model import Frozen
from hazardrules.nearest import nearest_hint
from hazardrules.pack.programmes import ClosingSpec, EscalationSpec, TriggerSpec
from hazardrules.pack.values import clip

__all__ = ["Need", "Pressure", "ProgrammeState", "Stage", "Step", "Trigger", "escalate", "stage_of"]

_COUNTS: Final = {
    "overdue_days": ("逾期满 {} 日", "日"),
    "reopened": ("再次出现满 {} 次", "次"),
    "failed_rechecks": ("复查不合格满 {} 次", "次"),
}
_ORDER: Final = ("found", "rectifying", "supervised", "to_recheck", "closed")


class Trigger(Frozen):
    """When a step is reached: any of these, each so many or more, or a fact of one of the ``domains`` is involved."""

    overdue_days: int | None = None
    reopened: int | None = None
    failed_rechecks: int | None = None
    domains: tuple[str, ...] = ()


class Step(Frozen):
    """A step of pressure, and whether it is reached.

    ``because`` says by what, ``lacking`` what would reach it (both Chinese). ``evidence`` says whether the source tells
    of the step, ``when_evidence`` who gives its numbers: the source (``read``), a default (``policy``), the caller.
    """

    id: str
    title: str
    actor: str | None
    text: str | None
    when: Trigger
    evidence: Literal["read", "policy"]
    when_evidence: Literal["read", "policy", "caller"]
    reached: bool
    because: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


class Pressure(Frozen):
    """Which steps are reached on a day: practice of a programme, not law.

    ``programme`` is the one whose steps these are; ``current`` the strongest step reached, ``next`` the one after it,
    ``next_when`` what would trigger that (Chinese); ``defaults`` are the steps whose numbers are defaults.
    """

    programme: str
    as_of: date
    steps: tuple[Step, ...]
    current: Step | None
    next: Step | None
    next_when: str
    defaults: tuple[str, ...]
    text: str

    @property
    def reached(self) -> tuple[Step, ...]:
        """The steps that are reached, weakest first."""
        return tuple(step for step in self.steps if step.reached)


class Need(Frozen):
    """An event that a stage needs."""

    kind: str
    label: str


class Stage(Frozen):
    """One hazard in the stages of a programme (查、改、督、销).

    ``stage`` is the id of the stage that its state stands for (None: none yet), ``missing`` are the events that this
    and the stages behind it need and that are not on record; ``next`` is the stage after it, ``lacking`` what that
    needs. ``needs_evidence`` says who gives the needs of the next stage. ``to_close`` is what the last stage still
    needs: a stage between (督) may be passed over.
    """

    rule: str | None
    state: Literal["found", "rectifying", "supervised", "to_recheck", "closed"]
    stage: str | None
    title: str
    missing: tuple[Need, ...] = ()
    next: str | None = None
    next_title: str = ""
    lacking: tuple[Need, ...] = ()
    needs_evidence: Literal["read", "policy"] | None = None
    to_close: tuple[Need, ...] = ()
    text: str


class ProgrammeState(Frozen):
    """A judgment on a day as a programme sees it: the follow-up, the pressure, and the stage of each hazard.

    ``pressure`` is None where neither the programme nor one that it carries out has steps; so are ``stages`` empty.
    """

    programme: str
    follow_up: FollowUp
    pressure: Pressure | None
    stages: tuple[Stage, ...]


def escalate(
    programme: str,
    specs: Sequence[EscalationSpec],
    state: FollowUp,
    steps: Mapping[str, Any] | None,
    facts: Iterable[str],
    domains: Mapping[str, str],
) -> Pressure:
    """Which steps are reached; see ``Programme.escalation``."""
    own = _triggers(specs, steps or {}, domains)
    open_ = [hazard for hazard in state.hazards if hazard.state != "closed"]
    counts = {name: max((getattr(one, name) for one in open_), default=0) for name in _COUNTS}
    touched = {fact.partition(".")[0] for fact in facts} if open_ else set()
    made = []
    for spec in specs:
        when = own.get(spec.id, spec.when)
        because, lacking = _held(when, counts, touched, domains)
        made.append(
            Step(
                id=spec.id,
                title=spec.title,
                actor=spec.actor,
                text=spec.text,
                when=Trigger.model_validate(when.model_dump()),
                evidence=spec.evidence,
                when_evidence="caller" if spec.id in own else spec.when_evidence,
                reached=bool(because),
                because=because,
                lacking=() if because else lacking,
            )
        )
    at = max((i for i, step in enumerate(made) if step.reached), default=-1)
    current = made[at] if at >= 0 else None
    next_ = made[at + 1] if at + 1 < len(made) and open_ else None
    wanted = "或者".join(next_.lacking) if next_ else ""
    parts = [f"已到“{current.title}”({';'.join(current.because)})" if current else "没有到加压的步骤"]
    if next_:
        parts.append(f"下一步“{next_.title}”:{wanted}")
    defaults = tuple(step.id for step in made if step.when_evidence == "policy")
    shown = [step.title for step in (current, next_) if step is not None and step.id in defaults]
    parts.append("工作做法,不是法定依据" + (f";{'、'.join(shown)}的数字是默认配置" if shown else ""))
    return Pressure(
        programme=programme,
        as_of=state.as_of,
        steps=tuple(made),
        current=current,
        next=next_,
        next_when=wanted,
        defaults=defaults,
        text=";".join(parts),
    )


def _held(
    when: TriggerSpec, counts: Mapping[str, int], touched: Collection[str], domains: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """By what a step is reached, and what would reach it."""
    because, lacking = [], []
    for name, (words, unit) in _COUNTS.items():
        bound = getattr(when, name)
        if bound is None:
            continue
        text = words.format(bound)
        if counts[name] >= bound:
            because.append(f"{text}(已 {counts[name]} {unit})")
        else:
            lacking.append(f"{text}(还差 {bound - counts[name]} {unit})")
    if when.domains:
        labels = "、".join(domains.get(one, one) for one in when.domains)
        met = [domains.get(one, one) for one in when.domains if one in touched]
        (because if met else lacking).append(f"涉及{'、'.join(met) or labels}")
    return tuple(because), tuple(lacking)


def _triggers(
    specs: Sequence[EscalationSpec], steps: Mapping[str, Any], domains: Mapping[str, str]
) -> dict[str, TriggerSpec]:
    """The caller's triggers by step."""
    problems: list[tuple[type[InputError], Problem]] = []
    known = [spec.id for spec in specs]
    found: dict[str, TriggerSpec] = {}
    for id_, given in steps.items():
        where = f"steps[{clip(id_)}]"
        if id_ not in known:
            hint = nearest_hint(str(id_), known) or f"可用:{'、'.join(known) or '没有'}"
            problems.append((ProgrammeError, Problem(where, clip(given), f"没有步骤 {clip(id_)}", hint)))
            continue
        made = _trigger(where, given, problems)
        if made is not None:
            found[id_] = made
            for domain in made.domains:
                if domain not in domains:
                    hint = nearest_hint(domain, domains)
                    problems.append((ProgrammeError, Problem(where, domain, f"没有事实域 {domain}", hint)))
    least = 0
    for spec in specs:
        days = found.get(spec.id, spec.when).overdue_days or 0
        if found and days and days < least:
            text = f"逾期天数 {days} 小于前一步的 {least}"
            problems.append((ProgrammeError, Problem(f"steps[{spec.id!r}]", str(days), text, "从轻到重排列")))
        least = max(least, days)
    if problems:
        raise_all(problems)
    return found


def _trigger(where: str, given: object, problems: list[tuple[type[InputError], Problem]]) -> TriggerSpec | None:
    if isinstance(given, TriggerSpec):
        return given
    if isinstance(given, Trigger):
        given = given.model_dump()
    if not isinstance(given, Mapping):
        problems.append((ProgrammeError, Problem(where, clip(given), "要写成映射", '如 {"overdue_days": 10}')))
        return None
    try:
        return TriggerSpec.model_validate(dict(given))
    except ValidationError as error:
        for one in error.errors():
            name = ".".join(map(str, one["loc"]))
            hint = ""
            if one["type"] == "extra_forbidden":
                text = f"不认识的键 {name}"
                hint = nearest_hint(name, TriggerSpec.model_fields) or f"可用:{'、'.join(TriggerSpec.model_fields)}"
            elif one["type"] == "value_error":
                text = str(one["ctx"]["error"])
            else:
                text = f"{name} 的值不对:{clip(one['input'])}"
                hint = "domains 是事实域的列表" if name.startswith("domains") else "1 到 100000 的整数"
            problems.append((ProgrammeError, Problem(where, clip(one["input"]), text, hint)))
        return None


def stage_of(specs: Sequence[ClosingSpec], hazard: HazardState, events: Sequence[Event]) -> Stage:
    """Where a hazard stands in the stages, by its events up to the day, in order."""
    happened = _happened(hazard.rule, events)
    behind = _ORDER.index(hazard.state)
    at = -1
    missing: dict[str, Need] = {}
    for number, spec in enumerate(specs):
        passed = _ORDER.index(spec.state) <= behind
        if spec.state == "supervised" and "supervised" not in happened:
            passed = passed and hazard.state == "supervised"
        if passed:
            at = number
            missing.update((kind, _need(kind)) for kind in spec.needs if kind not in happened)
    here = specs[at] if at >= 0 else None
    next_ = specs[at + 1] if at + 1 < len(specs) else None
    lacking = tuple(_need(kind) for kind in next_.needs if kind not in happened) if next_ else ()
    to_close = tuple(_need(kind) for kind in specs[-1].needs if kind not in happened) if next_ else ()
    title = here.title if here else STATE_LABELS[hazard.state]
    parts = [title]
    if missing:
        parts.append(f"记录里还没有:{'、'.join(one.label for one in missing.values())}")
    if next_:
        wanted = "、".join(one.label for one in lacking)
        parts.append(f"进入“{next_.title}”{f'还要:{wanted}' if wanted else '的事项都有了'}")
    if next_ and next_ is not specs[-1]:
        parts.append(f"到“{specs[-1].title}”还要:{'、'.join(one.label for one in to_close) or '没有'}")
    return Stage(
        rule=hazard.rule,
        state=hazard.state,
        stage=here.id if here else None,
        title=title,
        missing=tuple(missing.values()),
        next=next_.id if next_ else None,
        next_title=next_.title if next_ else "",
        lacking=lacking,
        needs_evidence=next_.needs_evidence if next_ else None,
        to_close=to_close,
        text=";".join(parts),
    )


def _need(kind: str) -> Need:
    return Need(kind=kind, label=EVENT_LABELS[kind])


def _happened(rule: str | None, events: Sequence[Event]) -> set[str]:
    """What is on record of a hazard since it was found last; a failed re-check takes the rectification back."""
    found: set[str] = set()
    for event in events:
        if event.rules and rule not in event.rules:
            continue
        if event.kind == "reopened":
            found.clear()
        if event.passed is False:
            found -= {"rectified", "rechecked", "accepted", "closed"}
        else:
            found.add(event.kind)
        if event.kind == "rechecked" and event.passed:
            found.add("rectified")  # follow_up() takes it so too
    return found
