"""Observations under the law of two days."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hazardrules import UnknownFactError
from hazardrules.backtesting import backtest
from hazardrules.cli import app

OLD, NEW = date(2023, 5, 14), date(2023, 5, 15)
OBSERVATIONS: list[dict[str, Any]] = [
    {"facts": {"personnel.special_operation_qualified": False}, "industry": "机械", "ref": "无证焊接"},
    {"facts": {"furnace.inspected_regularly": False}, "industry": "冶金", "ref": "炉窑没有定期检查"},
    {"facts": {"dust.tunnel_duct": True}, "industry": "轻工", "ref": "巷道式风道", "observed_on": "2010-01-01"},
    {"other": ["三个螺栓松动"], "industry": "机械"},
]


def test_what_became_major_and_what_did_not() -> None:
    """Each observation has its verdict and its clauses under both laws, whatever its own date."""
    found = list(backtest(OBSERVATIONS, OLD, NEW))
    assert [(v.ref, v.before, v.after) for v in found] == [
        ("无证焊接", "general", "major"),
        ("炉窑没有定期检查", "major", "general"),
        ("巷道式风道", "major", "major"),
        (None, "general", "general"),
    ]
    assert [v.changed for v in found] == [True, True, False, False]
    assert found[0].rules_after == ("gongmao-2023.3.2",)
    assert found[1].rules_before == ("gongmao-2017.h1.5",)
    assert (found[2].rules_before, found[2].rules_after) == (("gongmao-2017.s1.5",), ("gongmao-2023.11.5",))
    assert [v.number for v in found] == [1, 2, 3, 4]


def test_a_wrong_observation_is_an_error() -> None:
    """What ``classify()`` refuses stops the backtest with its message."""
    with pytest.raises(UnknownFactError):
        list(backtest([{"facts": {"nothing": 1}}], OLD, NEW))


def test_on_the_command_line(tmp_path: Path) -> None:
    """The command reads JSON Lines, shows what changed, everything with ``--all``, and names the line that is wrong."""
    path = tmp_path / "observations.jsonl"
    lines = [json.dumps(one, ensure_ascii=False) for one in OBSERVATIONS]
    path.write_text("\n".join([*lines[:2], "", *lines[2:]]) + "\n", encoding="utf-8")
    runner = CliRunner()
    shown = runner.invoke(app, ["backtest", str(path), "2023-05-14", "2023-05-15"])
    assert shown.exit_code == 0
    assert "无证焊接" in shown.stdout
    assert "gongmao-2023.3.2" in shown.stdout
    assert "巷道式风道" not in shown.stdout
    assert "4 条检查发现,2 条的结论不同" in shown.stdout
    rows = runner.invoke(app, ["backtest", str(path), "2023-05-14", "2023-05-15", "--all", "--json"])
    assert [row["after"] for row in json.loads(rows.stdout)] == ["major", "general", "major", "general"]
    path.write_text(f"{lines[0]}\n" + '{"facts": {"nothing": 1}}\n', encoding="utf-8")
    wrong = runner.invoke(app, ["backtest", str(path), "2023-05-14", "2023-05-15"])
    assert wrong.exit_code == 1
    assert "第2行" in wrong.stderr
    assert "nothing" in wrong.stderr
    path.write_text("{\n", encoding="utf-8")
    assert runner.invoke(app, ["backtest", str(path), "2023-05-14", "2023-05-15"]).exit_code == 1
