"""Observations of ten facts each, as inspectors report them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from hazardrules import RuleBook
from hazardrules.pack.values import plain

__all__ = ["DAY", "OBSERVATIONS", "Observed", "mixed"]

DAY = "2026-11-20"
"""The day on which all of them were observed."""


class Observed(NamedTuple):
    """Ten facts and an industry, with a Chinese label for the tables."""

    label: str
    industry: str | None
    facts: Mapping[str, Any]

    @property
    def arguments(self) -> dict[str, Any]:
        """What ``classify`` takes besides the facts."""
        return {"industry": self.industry, "observed_on": DAY}


DUST = {
    "dust.storeys": 3,
    "dust.structure": "brick",
    "dust.gathering": [],
    "dust.kind": "metal",
    "dust.collector_controls": [],
    "dust.tunnel_duct": True,
    "dust.settling_chamber": False,
    "dust.positive_pressure": False,
    "dust.airlock": "working",
    "dust.zone20_electrical": "ordinary",
}
COAL = {
    "coal_mine.gas_grade": "outburst",
    "coal_outburst.predrainage": "strip_crossing",
    "coal_outburst.seam_dip": "inclined",
    "coal_outburst.measures_after_index": False,
    "coal_outburst.mining": True,
    "mine_gas.face_ch4": 1.2,
    "mine_gas.work_stopped": True,
    "coal_rockburst.seam_grade": "medium",
    "coal_rockburst.mining_continues": True,
    "coal_monitoring.data_interference": [],
}
EQUIPMENT = {
    **{id_: value for id_, value in COAL.items() if id_ != "coal_monitoring.data_interference"},
    "special_equipment.in_use": True,
}

OBSERVATIONS = (
    Observed("粉尘车间", "machinery", DUST),
    Observed("煤矿", "coal-mining", COAL),
    Observed("煤矿和特种设备", "coal-mining", EQUIPMENT),
    Observed("粉尘车间,未给行业", None, DUST),
)


def mixed(book: RuleBook, count: int = 500, seed: int = 0) -> list[Observed]:
    """Observations that all differ in facts, values and industry, more of them than what is kept between calls.

    Each is of ten facts that the rules of one industry read, with values from the examples of the rules.
    """
    draw = random.Random(seed)  # the same in each run
    values: dict[str, list[Any]] = {}
    for rule in book.rules():
        for example in rule.examples:
            for fact, value in example.facts.items():
                if fact in rule.reads:
                    values.setdefault(fact, []).append(plain(value))
    return list(_mixed(book, values, draw, count))


def _mixed(book: RuleBook, values: Mapping[str, list[Any]], draw: random.Random, count: int) -> Iterator[Observed]:
    on = date.fromisoformat(DAY)
    facts = {
        id_: sorted({fact for rule in book.rules(industry=id_, on=on) for fact in rule.reads if fact in values})
        for id_ in sorted(book.industries)
    }
    industries = [id_ for id_, found in facts.items() if len(found) >= 50]
    for _ in range(count):
        industry = draw.choice(industries)
        yield Observed("各不相同", industry, {f: draw.choice(values[f]) for f in draw.sample(facts[industry], 10)})
