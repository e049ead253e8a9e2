"""Days counted by hand, across industries, levels, provinces and holidays, with the count written out.

The holidays are those of the official schedules: 2024 (Spring Festival 10-17 February, National Day 1-7 October), 2025
(28 January to 4 February, 1-8 October) and 2026 (15-23 February, 1-7 October), with the weekends worked in exchange.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from hazardrules import RuleBook, classify, follow_up
from hazardrules.pack.discovery import national_folder
from packs import write_pack

HIGH = {"demo.height": 3, "demo.guard": "absent"}
OLD = {"issued": "2000-01-01", "effective": "2000-01-01"}

PROVINCES: dict[str, dict[str, Any]] = {
    "shorter": {"days": 15, "day_kind": "calendar"},
    "longer": {"days": 45, "day_kind": "calendar"},
    "working": {"days": 10, "day_kind": "working"},
    "month": {"days": 1, "day_kind": "months"},
    "immediate": {"days": 0, "day_kind": "immediate"},
    "rolling": {"days": 7, "day_kind": "calendar", "counting": "civil-code"},
}
"""Made-up provinces by the deadline that they fix."""

TABLE: list[tuple[str, str, str, str, list[tuple[str, str]], str, str]] = [
    # industry, province, level, found on, (event, day) ..., what, due on, how it was counted
    ("机械", "", "major", "2026-11-20", [], "rectify", "2026-12-20 30 days: 21-30 November 10, 1-20 December 20"),
    ("机械", "", "major", "2026-12-31", [], "rectify", "2027-01-30 30 days: 1-30 January, over the year's end"),
    ("有色", "", "major", "2024-01-31", [], "rectify", "2024-03-01 30 days: February 29 in a leap year, 1 March"),
    ("有色", "", "major", "2025-01-31", [], "rectify", "2025-03-02 30 days: February 28, 1-2 March"),
    ("煤矿", "", "major", "2026-07-01", [], "rectify", "2026-07-31 30 days: 2-31 July"),
    ("消防", "", "major", "2024-02-28", [], "rectify", "2024-03-29 30 days: 29 February, 1-29 March"),
    ("机械", "", "general", "2026-11-20", [], "rectify", "2026-11-20 at once"),
    ("煤矿", "", "general", "2026-10-01", [], "rectify", "2026-10-01 at once, on a holiday too"),
    ("特种设备", "", "general", "2024-02-29", [], "rectify", "2024-02-29 at once, on a leap day"),
    ("机械", "shorter", "major", "2026-11-20", [], "rectify", "2026-12-05 15 days: 10 in November, 5 in December"),
    ("机械", "longer", "major", "2026-11-20", [], "rectify", "2026-12-20 45 days don't count against 30"),
    ("机械", "working", "major", "2026-11-20", [], "rectify", "2026-12-04 23-27 November 5, 30 to 4 December 5"),
    ("机械", "working", "major", "2026-09-25", [], "rectify", "2026-10-15 28 29 30, 8 9 10 (Saturday, worked) 12-15"),
    ("机械", "month", "major", "2025-01-31", [], "rectify", "2025-02-28 a month: no 31 February"),
    ("机械", "month", "major", "2024-01-31", [], "rectify", "2024-02-29 a month in a leap year"),
    ("机械", "immediate", "major", "2026-02-16", [], "rectify", "2026-02-16 at once, over Spring Festival too"),
    ("机械", "rolling", "major", "2026-09-30", [], "rectify", "2026-10-08 7 days end on 7 October, a holiday"),
    ("机械", "rolling", "major", "2026-10-03", [], "rectify", "2026-10-10 a Saturday that is worked"),
    ("机械", "rolling", "major", "2026-11-21", [], "rectify", "2026-11-30 28 November is a Saturday, to Monday"),
    ("消防", "", "major", "2026-11-20", [], "fire-notice", "2026-11-25 3 working days: 23 24 25"),
    ("消防", "", "general", "2026-09-30", [], "fire-notice", "2026-10-10 8, 9, 10 (Saturday, worked)"),
    ("消防", "", "major", "2026-02-13", [], "fire-notice", "2026-02-25 14 (Saturday, worked), 24, 25"),
    ("消防", "", "major", "2026-11-20", [], "fire-major-report", "2026-12-01 7: 23 24 25 26 27 30, 1 December"),
    (
        "消防",
        "",
        "major",
        "2025-09-26",
        [],
        "fire-major-report",
        "2025-10-13 28 (Sun., worked) 29 30, 9 10 11 (Sat.) 13",
    ),
    (
        "消防",
        "",
        "major",
        "2026-11-20",
        [("expert_reviewed", "2026-11-25")],
        "fire-major-report",
        "2026-12-15 1 December and 10 working days: 2 3 4, 7-11, 14 15",
    ),
    (
        "消防",
        "",
        "major",
        "2026-11-20",
        [("determined", "2026-12-01")],
        "fire-major-notice",
        "2026-12-04 3 working days: 2 3 4",
    ),
    (
        "消防",
        "",
        "general",
        "2026-11-20",
        [("notified", "2026-11-23/2026-12-20")],
        "fire-recheck",
        "2026-12-23 the time ends on Sunday the 20th: 21 22 23",
    ),
    (
        "消防",
        "",
        "major",
        "2026-11-20",
        [("rectified", "2026-12-10")],
        "fire-recheck",
        "2026-12-15 3 working days: 11, 14, 15",
    ),
    ("煤矿", "", "major", "2026-11-20", [], "coal-stop", "2026-11-20 at once"),
    (
        "煤矿",
        "",
        "major",
        "2026-11-20",
        [("stopped", "2026-11-20")],
        "coal-publicity",
        "2026-11-27 5 working days: 23-27",
    ),
    (
        "煤矿",
        "",
        "major",
        "2026-04-30",
        [("stopped", "2026-04-30")],
        "coal-publicity",
        "2026-05-11 6 7 8 9 (Saturday, worked) 11",
    ),
    (
        "煤矿",
        "",
        "major",
        "2026-11-02",
        [("stopped", "2026-11-02"), ("applied", "2026-11-30")],
        "coal-acceptance",
        "2026-12-21 20 days end on Sunday 20 December",
    ),
    (
        "煤矿",
        "",
        "major",
        "2026-09-01",
        [("stopped", "2026-09-01"), ("applied", "2026-09-15")],
        "coal-acceptance",
        "2026-10-08 20 days: 15 in September, 5 October is a holiday",
    ),
    (
        "煤矿",
        "",
        "major",
        "2024-04-01",
        [("stopped", "2024-04-01"), ("applied", "2024-04-10")],
        "coal-446-acceptance",
        "2024-06-11 60 days: 20 + 31 + 9, Sunday 9 June in a holiday to the 10th",
    ),
    (
        "煤矿",
        "",
        "major",
        "2020-06-01",
        [("stopped", "2020-06-01"), ("applied", "2020-07-01")],
        "coal-446-acceptance",
        "2020-08-30 60 days: 30 + 30, a Sunday, before the Civil Code",
    ),
    (
        "煤矿",
        "",
        "major",
        "2024-03-28",
        [("stopped", "2024-03-29")],
        "coal-446-publicity",
        "2024-04-01 3 days: 30 31 1",
    ),
    (
        "煤矿",
        "",
        "major",
        "2024-02-01",
        [("closure_proposed", "2024-02-05")],
        "coal-446-closure",
        "2024-02-18 7 days end on 12 February, a holiday to the 17th; Sunday the 18th is worked",
    ),
    (
        "煤矿",
        "",
        "major",
        "2026-11-02",
        [("stopped", "2026-11-03"), ("rectified", "2026-11-10"), ("accepted", "2026-11-12"), ("resumed", "2026-11-13")],
        "coal-reopening-publicity",
        "2026-11-20 5 working days: 16-20",
    ),
    (
        "特种设备",
        "",
        "major",
        "2026-11-02",
        [("rectified", "2026-11-20")],
        "special-equipment-recheck",
        "2026-12-04 10: 23-27 November, 30 to 4 December",
    ),
    (
        "特种设备",
        "",
        "major",
        "2025-01-06",
        [("rectified", "2025-01-24")],
        "special-equipment-recheck",
        "2025-02-13 26 (Sun., worked) 27, 5 6 7 8 (Sat., worked) 10 11 12 13",
    ),
    (
        "特种设备",
        "",
        "general",
        "2024-02-01",
        [("rectified", "2024-02-01")],
        "special-equipment-recheck",
        "2024-02-20 2, 4 (Sun., worked) 5 6 7 8 9, 18 (Sun., worked) 19 20",
    ),
    ("机械", "", "general", "2026-11-20", [], "governance-statistics", "2027-01-15 the quarter's, before the year's"),
    ("机械", "", "major", "2026-01-01", [], "governance-statistics", "2026-04-15 the first quarter's"),
    ("有色", "", "major", "2024-03-31", [], "governance-statistics", "2024-04-15 the first quarter's last day"),
    (
        "机械",
        "",
        "major",
        "2026-11-20",
        [("notified", "2026-11-21/2026-12-01")],
        "rectify",
        "2026-12-01 the authority's own day, before the 30 days",
    ),
    (
        "机械",
        "",
        "major",
        "2026-11-20",
        [("notified", "2026-11-21/2026-12-01"), ("extended", "2026-11-30/2027-01-15")],
        "rectify",
        "2027-01-15 the extension's day",
    ),
]


def events_of(given: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Events with their days (and last days after a slash)."""
    found = []
    for kind, days in given:
        on, _, due = days.partition("/")
        event: dict[str, Any] = {"kind": kind, "on": on}
        if due:
            event |= {"due_on": due, "instrument": "某责改〔2026〕1号"}
        if kind == "extended":
            event["ground"] = "设备供货延迟"
        if kind in ("accepted", "rechecked"):
            event["passed"] = True
        found.append(event)
    return found


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RuleBook]:
    """The national pack with a criterion that any industry can meet, alone and under each made-up province."""
    folder = tmp_path_factory.mktemp("packs")
    demo = write_pack(folder / "demo", document=OLD)
    made = {"": RuleBook.load(packs=[national_folder(), demo])}
    for name, differs in PROVINCES.items():
        one = {
            "id": "p",
            "level": "major",
            "source": "policy",
            "citation": "示例省规定",
            "evidence": "policy",
            "text": "从严",
        }
        province = write_pack(
            folder / name,
            id=name,
            domain=name,
            facts={},
            files={},
            rules=[],
            document=OLD | {"id": f"{name}-2026"},
            deadlines={"policy": "示例省", "deadlines": [one | differs]},
            requires={"packs": {"national": ">=2026.11"}},
        )
        made[name] = RuleBook.load(packs=[national_folder(), demo, province])
    return made


@pytest.mark.parametrize(
    ("industry", "province", "level", "found", "events", "what", "due"),
    TABLE,
    ids=[f"{row[0]}-{row[1] or '全国'}-{row[3]}-{row[5]}" for row in TABLE],
)
def test_due_dates_counted_by_hand(
    books: dict[str, RuleBook],
    industry: str,
    province: str,
    level: str,
    found: str,
    events: list[tuple[str, str]],
    what: str,
    due: str,
) -> None:
    """Each is due on the day that the count beside it gives, and by a schedule that is out."""
    hazard: dict[str, Any] = {"facts": HIGH} if level == "major" else {"other": ["三个螺栓松动"]}
    judgment = classify(**hazard, industry=industry, observed_on=found, book=books[province])
    assert judgment.level == level
    (state,) = follow_up(judgment, "2027-06-30", events_of(events)).hazards
    dues = {one.id: (one.due_on, one.provisional) for one in state.obligations}
    if what == "governance-statistics":  # comes back each quarter until closed; the first is told with the judgment
        duties = judgment.findings[0].duties if judgment.findings else judgment.duties
        (duty,) = [one for one in duties if one.id == what]
        dues[what] = (duty.due_on, False)
    assert dues[what] == (date.fromisoformat(due.split(maxsplit=1)[0]), False)
