"""Observations of ten facts each, as inspectors report them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["DAY", "OBSERVATIONS", "Observed"]

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
    "coal_mine.stage": "producing",
    "coal_outburst.mining": True,
    "coal_outburst.predrainage": "strip_crossing",
    "coal_outburst.seam_dip": "inclined",
    "mine_gas.face_ch4": 1.2,
    "mine_gas.work_stopped": True,
    "coal_rockburst.seam_grade": "medium",
    "coal_monitoring.methane_sensor_missing": [],
    "special_equipment.in_use": True,
}

OBSERVATIONS = (
    Observed("粉尘车间(机械,多条成立)", "machinery", DUST),
    Observed("煤矿(多条待定)", "coal-mining", COAL),
    Observed("粉尘车间(未给行业)", None, DUST),
)
