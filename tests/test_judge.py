"""``classify()``: levels, findings, open questions, gaps, and everything else that a judgment says."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hazardrules import Judgment, Level, RuleBook, UnknownRegionError, UnknownRuleError, classify
from hazardrules.backtesting import backtest
from hazardrules.judge import loaded_book
from hazardrules.observation import today
from packs import RULE, rule, write_pack

DUST = {"dust.storeys": 3, "dust.structure": "brick"}
HIGH = {"demo.height": 3, "demo.guard": "absent"}


def book(folder: Path, **parts: Any) -> RuleBook:
    """A rule book of one small pack."""
    return RuleBook.load(packs=[write_pack(folder, **parts)])


def judged(used: RuleBook, facts: dict[str, Any], **more: Any) -> Judgment:
    """A judgment on a day when the small document is in force."""
    return classify(facts, book=used, **({"observed_on": "2026-11-20"} | more))


class TestNational:
    """The main job on the national pack."""

    @pytest.mark.parametrize(
        "facts",
        [
            DUST,
            {"dust": {"storeys": 3, "structure": "brick"}},
            {"粉尘爆炸": {"storeys": 3, "粉尘爆炸危险场所所在建(构)筑物的结构形式": "砖混结构"}},
            {
                "粉尘爆炸危险场所所在建(构)筑物的层数": 3,
                "粉尘爆炸危险场所所在建\uff08构\uff09筑物的结构形式": "砖混结构",
            },
        ],
        ids=["ids", "nested", "nested labels", "labels"],
    )
    @pytest.mark.parametrize("industry", ["machinery", "机械", ["机械行业"], "gongmao", "工贸"])
    def test_major_by_ids_and_labels(self, facts: dict[str, Any], industry: Any) -> None:
        """Ids and Chinese labels, flat and nested, and every name of the industry give the same finding."""
        judgment = classify(facts, industry=industry, observed_on="2026-11-20")
        assert judgment.level is Level.MAJOR
        assert [finding.rule for finding in judgment.findings] == ["gongmao-2023.11.1"]
        assert judgment.observation.facts == {"dust.storeys": 3, "dust.structure": "brick"}
        assert judgment.conclusive

    def test_finding_says_why(self) -> None:
        """A finding has citation, facts with label and unit, a sentence for the form, deadline and duties."""
        finding = classify(DUST, industry="机械", observed_on="2026-11-20").findings[0]
        assert finding.citation == "《工贸企业重大事故隐患判定标准》(应急管理部令第10号)第十一条第(一)项"
        assert [(value.fact, value.value, value.unit) for value in finding.because] == [
            ("dust.storeys", 3, "层"),
            ("dust.structure", "brick", None),
        ]
        assert "层数:3层" in finding.reason
        assert "砖混结构" in finding.reason
        assert finding.reason.endswith("判定为重大事故隐患。")
        assert finding.deadline is not None
        assert finding.deadline.text == "2026-12-20前完成整改(30日,自然日;默认策略,法律未定天数)"
        assert {"plan", "report"} < {duty.kind for duty in finding.duties}

    def test_the_law_of_the_day(self) -> None:
        """The same observation a day before the 2023 version took effect is judged by the 2017 version, and says so."""
        before = classify(DUST, industry="machinery", observed_on="2023-05-14")
        assert [finding.rule for finding in before.findings] == ["gongmao-2017.s1.1"]
        assert "2017版" in before.reason
        windows = {one.document: one.window for one in before.checked if one.considered}
        assert list(windows) == ["gongmao-2017"]
        assert "自印发日计" in windows["gongmao-2017"]
        assert [(one.rule, one.effective) for one in before.upcoming] == [("gongmao-2023.11.1", date(2023, 5, 15))]
        assert classify(DUST, industry="machinery", observed_on="2023-05-15").upcoming == ()
        assert classify(DUST, industry="machinery", observed_on="2023-04-13").upcoming == ()

    def test_a_criterion_that_was_dropped(self) -> None:
        """A condition that only the 2017 version lists is general today, and the fact says where it would count."""
        facts = {"furnace.inspected_regularly": False}
        assert classify(facts, industry="冶金", observed_on="2023-05-14").level is Level.MAJOR
        judgment = classify(facts, industry="冶金", observed_on="2026-11-20")
        assert judgment.level is Level.GENERAL
        assert [one.fact for one in judgment.unused] == ["furnace.inspected_regularly"]
        assert judgment.unused[0].documents == ("gongmao-2017",)

    def test_other_industries_facts_are_unused(self) -> None:
        """A fact that no criterion of the given industry reads is listed with the documents that would."""
        assert classify(DUST, industry="机械", observed_on="2026-11-20").unused == ()
        narrow = classify({"burner.main_pressure_alarm": "absent"}, industry="纺织", observed_on="2026-11-20")
        assert narrow.level is Level.GENERAL
        assert [one.fact for one in narrow.unused] == ["burner.main_pressure_alarm"]
        assert "gongmao-2023" in narrow.unused[0].documents

    def test_failed_device_cites_article_14(self) -> None:
        """A device that is there and out of order counts, under 第十四条 as well."""
        judgment = classify({"burner.main_pressure_alarm": "failed"}, industry="有色", observed_on="2026-11-20")
        assert judgment.findings[0].citation.endswith("第五条第(十二)项、第十四条")
        absent = classify({"burner.main_pressure_alarm": "absent"}, industry="有色", observed_on="2026-11-20")
        assert absent.findings[0].citation.endswith("第五条第(十二)项")

    def test_assumed_values_are_listed(self) -> None:
        """What was taken as given stands in the judgment and in the finding that rests on it."""
        judgment = classify({"burner.main_pressure_alarm": "absent"}, industry="有色", observed_on="2026-11-20")
        assert [value.fact for value in judgment.assumed] == ["burner.natural_draft"]
        assert [value.fact for value in judgment.findings[0].assumed] == ["burner.natural_draft"]
        assert "未报告" in judgment.reason
        told = classify(
            {"burner.main_pressure_alarm": "absent", "burner.natural_draft": True},
            industry="有色",
            observed_on="2026-11-20",
        )
        assert told.level is Level.GENERAL
        assert told.assumed == ()

    def test_day_without_any_document(self) -> None:
        """Before the first document the judgment reports a gap instead of keeping silent."""
        judgment = classify(DUST, industry="机械", observed_on="2010-01-01")
        assert judgment.level is Level.GENERAL
        assert not judgment.conclusive
        assert [gap.document for gap in judgment.gaps] == [None]
        assert "2010-01-01" in judgment.gaps[0].text

    def test_far_future_uses_the_newest_documents(self) -> None:
        """After the last known document the newest go on."""
        assert classify(DUST, industry="机械", observed_on="2099-01-01").level is Level.MAJOR

    def test_today_is_the_default(self) -> None:
        """Without a date the observation is of today in China."""
        days = {today()}
        judgment = classify(DUST, industry="机械")
        assert judgment.observation.observed_on in days | {today()}

    def test_other_conditions_are_general_with_nearest_criteria(self) -> None:
        """Words that no fact describes are general, with the nearest criteria beside them."""
        judgment = classify(other=["快速冻结装置的作业间里有十几个人"], industry="轻工", observed_on="2026-11-20")
        assert judgment.level is Level.GENERAL
        assert judgment.nearest[0].rule == "gongmao-2023.12.2"
        assert all(0 < one.score <= 1 for one in judgment.nearest)
        assert "没有条文列为重大" in judgment.reason
        assert {one.rule.split(".")[0] for one in judgment.nearest} == {"gongmao-2023"}

    def test_industry_not_given(self) -> None:
        """Without an industry all are considered, and the judgment says so."""
        judgment = classify(DUST, observed_on="2026-11-20")
        assert judgment.industry_assumed
        assert "没有给出行业" in judgment.reason
        assert judgment.level is Level.MAJOR

    def test_the_national_book_is_loaded_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Whether no region is given, or one that can't be used, or observations are judged on two days."""
        loaded: list[str | None] = []
        load = RuleBook.load

        def noted(region: str | None = None) -> RuleBook:
            loaded.append(region)
            return load(region)

        monkeypatch.setattr(RuleBook, "load", noted)
        loaded_book.cache_clear()
        classify(DUST)
        with pytest.raises(UnknownRegionError):
            classify(DUST, region="nowhere")
        with pytest.raises(UnknownRegionError):
            classify(DUST, region=37)  # type: ignore[arg-type]
        list(backtest([{"facts": DUST}], date(2026, 11, 20), date(2027, 1, 1)))
        assert loaded == [None, "nowhere"]

    def test_threads_agree(self) -> None:
        """Many threads sharing one book get what one thread gets."""
        expected = classify(DUST, industry="机械", observed_on="2026-11-20")
        found: list[Judgment] = []

        def run() -> None:
            found.extend(classify(DUST, industry="机械", observed_on="2026-11-20") for _ in range(5))

        threads = [threading.Thread(target=run) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [expected] * 80


class TestLevels:
    """Major, general, none."""

    def test_major_general_none(self, tmp_path: Path) -> None:
        """A criterion met is major; a report alone is general; neither is no hazard."""
        used = book(tmp_path)
        assert judged(used, HIGH).level is Level.MAJOR
        assert judged(used, {"demo.height": 1}).level is Level.GENERAL
        none = judged(used, {"demo.height": 1}, reported=False)
        assert none.level is Level.NONE
        assert none.deadline is None
        assert "未构成隐患" in none.reason

    def test_a_general_rule_is_general(self, tmp_path: Path) -> None:
        """A criterion of level general makes a general hazard even where nobody reported one."""
        used = book(tmp_path, rules=[RULE | {"level": "general"}])
        judgment = judged(used, HIGH, reported=False)
        assert judgment.level is Level.GENERAL
        assert [finding.level for finding in judgment.findings] == [Level.GENERAL]

    def test_other_is_a_hazard_even_if_not_reported(self, tmp_path: Path) -> None:
        """A condition in words is recorded as a general hazard."""
        assert judged(book(tmp_path), {}, other=["三个螺栓松动"], reported=False).level is Level.GENERAL

    def test_general_reason_says_what_was_checked(self, tmp_path: Path) -> None:
        """A general result names the documents held against the facts and how many criteria."""
        judgment = judged(book(tmp_path), {"demo.height": 1})
        assert "《演示判定标准》(演示令第1号)" in judgment.reason
        assert "1条判定情形" in judgment.reason
        assert judgment.conclusive

    def test_nothing_touched(self, tmp_path: Path) -> None:
        """An empty observation says that no criterion was touched."""
        judgment = judged(book(tmp_path), {})
        assert judgment.level is Level.GENERAL
        assert "都不涉及所报事实" in judgment.reason


class TestOpen:
    """What the facts touch and don't decide."""

    def test_open_asks_only_what_can_still_decide(self, tmp_path: Path) -> None:
        """An undecided criterion is open with the questions that can decide it, and the judgment not conclusive."""
        used = book(tmp_path)
        judgment = judged(used, {"demo.height": 3})
        assert [one.rule for one in judgment.open] == ["demo-2026.1"]
        assert [q.fact for q in judgment.open[0].questions] == ["demo.guard"]
        assert judgment.open[0].questions[0].options == {"working": "完好", "failed": "损坏", "absent": "没有"}
        assert not judgment.conclusive
        assert "1条判定情形因事实不全" in judgment.reason

    def test_untouched_rules_are_not_open(self, tmp_path: Path) -> None:
        """A criterion that reads none of the given facts is not mentioned."""
        other = rule("2", "demo.late", [{"demo.late": True}], [{"demo.late": False}])
        facts = {
            "height": {"type": "number", "label": "高度"},
            "guard": {"type": "enum", "label": "护栏", "of": {"working": "好", "failed": "坏", "absent": "无"}},
            "late": {"type": "boolean", "label": "逾期"},
        }
        judgment = judged(book(tmp_path, facts=facts, rules=[RULE, other]), {"demo.late": False})
        assert judgment.open == ()
        assert judgment.conclusive

    def test_manual_rules_are_open_where_their_industry_is_asked(self, tmp_path: Path) -> None:
        """A clause that only a person can decide is listed when its industry is asked for, and can be affirmed."""
        manual = {"id": "demo-2026.9", "ref": "第九条", "title": "其他情形", "manual": True, "inspect": "看现场"}
        used = book(tmp_path, rules=[RULE, manual], industries=[{"id": "demo-trade", "label": "演示业"}])
        assert judged(used, {"demo.height": 1}).open == ()
        asked = judged(used, {"demo.height": 1}, industry="演示业")
        assert [(one.rule, one.manual, one.inspect) for one in asked.open] == [("demo-2026.9", True, "看现场")]
        assert not asked.conclusive
        affirmed = judged(used, {}, industry="演示业", asserted=["demo-2026.9"])
        assert affirmed.level is Level.MAJOR
        assert affirmed.open == ()
        assert affirmed.findings[0].by == "person"

    def test_division_by_zero_is_noted(self, tmp_path: Path) -> None:
        """A criterion left open by a division by zero says so."""
        facts = {"a": {"type": "number", "label": "甲"}, "b": {"type": "number", "label": "乙"}}
        ratio = rule("1", "demo.a / demo.b > 2", [{"demo.a": 5, "demo.b": 2}], [{"demo.a": 4, "demo.b": 2}])
        judgment = judged(book(tmp_path, facts=facts, rules=[ratio]), {"demo.a": 1, "demo.b": 0})
        assert judgment.open[0].notes == ("除数为零:demo.a / demo.b",)
        assert judgment.open[0].questions == ()


class TestAsserted:
    """Criteria that a person affirms."""

    def test_a_persons_word_makes_a_finding(self, tmp_path: Path) -> None:
        """An affirmed criterion is a finding by a person, with citation and reason."""
        judgment = judged(book(tmp_path), {}, asserted=["demo-2026.1"])
        assert judgment.level is Level.MAJOR
        finding = judgment.findings[0]
        assert (finding.by, finding.because) == ("person", ())
        assert finding.reason.startswith("经人工认定")
        assert judgment.conflicts == ()

    def test_contradiction_is_named(self, tmp_path: Path) -> None:
        """Where the facts make that very criterion false, the judgment says so under conflicts."""
        judgment = judged(book(tmp_path), {"demo.height": 1}, asserted=["demo-2026.1"])
        assert judgment.level is Level.MAJOR
        assert [value.fact for value in judgment.conflicts[0].because] == ["demo.height"]
        assert "不成立" in judgment.conflicts[0].text

    def test_facts_and_person_agree(self, tmp_path: Path) -> None:
        """A criterion that the facts meet and a person affirms is one finding, by the facts."""
        judgment = judged(book(tmp_path), HIGH, asserted=["demo-2026.1"])
        assert [finding.by for finding in judgment.findings] == ["facts"]

    def test_open_question_is_settled_by_a_person(self, tmp_path: Path) -> None:
        """An affirmed criterion is no longer open."""
        judgment = judged(book(tmp_path), {"demo.height": 3}, asserted=["demo-2026.1"])
        assert judgment.open == ()
        assert judgment.conclusive

    def test_wrong_industry_is_a_conflict(self) -> None:
        """Affirming a criterion of another industry is recorded and contradicted."""
        judgment = classify(asserted=["gongmao-2023.9.1"], industry="机械", observed_on="2026-11-20")
        assert "不适用于所报行业" in judgment.conflicts[0].text

    def test_not_in_force_is_an_error(self) -> None:
        """A criterion that is not in force on the day can't be affirmed."""
        with pytest.raises(UnknownRuleError, match="不适用"):
            classify(asserted=["gongmao-2017.s1.1"], observed_on="2026-11-20")
        with pytest.raises(UnknownRuleError, match=r"gongmao-2023\.11\.1"):
            classify(asserted=["gongmao-2023.11.1x"], observed_on="2026-11-20")


class TestDocuments:
    """Gates, drafts, gaps, tables, elements."""

    def test_gate_stands_over_every_rule(self, tmp_path: Path) -> None:
        """Under a gate a rule holds only where the gate does; the gate's facts are asked for and explain."""
        facts = {
            "persons": {"type": "integer", "label": "核定载员", "unit": "人"},
            "raft": {"type": "boolean", "label": "配有救生筏"},
        }
        gated = rule(
            "1",
            "not demo.raft",
            [{"demo.persons": 10, "demo.raft": False}],
            [{"demo.persons": 9, "demo.raft": False}, {"demo.persons": 10, "demo.raft": True}],
        )
        used = book(tmp_path, facts=facts, rules=[gated], document={"gate": "demo.persons >= 10"})
        assert judged(used, {"demo.persons": 10, "demo.raft": False}).level is Level.MAJOR
        assert judged(used, {"demo.persons": 9, "demo.raft": False}).level is Level.GENERAL
        open_ = judged(used, {"demo.raft": False})
        assert [q.fact for q in open_.open[0].questions] == ["demo.persons"]
        only_gate = judged(used, {"demo.persons": 12})
        assert only_gate.open == ()
        because = judged(used, {"demo.persons": 10, "demo.raft": False}).findings[0].because
        assert [value.fact for value in because] == ["demo.persons", "demo.raft"]

    def test_draft_rules_never_decide(self, tmp_path: Path) -> None:
        """A rule of status draft is reported under possible and leaves the level alone."""
        used = book(tmp_path, rules=[RULE | {"status": "draft"}], document={"coverage": "partial", "missing": ["全文"]})
        judgment = judged(used, HIGH)
        assert judgment.level is Level.GENERAL
        assert judgment.findings == ()
        assert [(one.rule, one.outcome) for one in judgment.possible] == [("demo-2026.1", "holds")]
        named = f"只有第二手文字的{judgment.possible[0].citation}({judgment.possible[0].title})按所报事实会成立"
        assert named in judgment.reason
        undecided = judged(used, {"demo.height": 3})
        assert [one.outcome for one in undecided.possible] == ["open"]
        assert "第二手" not in undecided.reason
        assert judged(used, {"demo.height": 1}).possible == ()

    def test_the_reason_names_few_drafts_and_counts_all(self, tmp_path: Path) -> None:
        """More than three are told by their number."""
        drafts = [RULE | {"id": f"demo-2026.{n}", "ref": f"第{n}条", "status": "draft"} for n in range(1, 6)]
        used = book(tmp_path, rules=drafts, document={"coverage": "partial", "missing": ["全文"]})
        reason = judged(used, HIGH).reason
        assert "等5条按所报事实会成立" in reason
        assert [f"第{n}条" in reason for n in range(1, 6)] == [True, True, True, False, False]

    def test_gaps_are_reported(self, tmp_path: Path) -> None:
        """A document in force that is not wholly held makes the judgment inconclusive and names what is missing."""
        used = book(tmp_path, document={"coverage": "partial", "missing": ["第二条", "第三条"]})
        judgment = judged(used, {"demo.height": 1})
        assert judgment.gaps[0].missing == ("第二条", "第三条")
        assert not judgment.conclusive
        assert "判定依据有缺口" in judgment.reason
        assert judged(used, {"demo.height": 1}, observed_on="2026-01-31").gaps == ()

    def test_band_and_elements_decide(self, tmp_path: Path) -> None:
        """Look-up tables and composite judgments work from the file to the finding."""
        facts = {
            "flow": {"type": "number", "label": "涌出量", "unit": "m³/min"},
            "rate": {"type": "number", "label": "抽采率", "unit": "%"},
            "sign": {"type": "boolean", "label": "有标志"},
            "alarm": {"type": "boolean", "label": "有报警"},
        }
        tables = {
            "T1": {
                "title": "抽采率",
                "input": "涌出量",
                "output": "抽采率下限",
                "rows": [{"lt": 20, "value": 25}, {"ge": 20, "lt": 40, "value": 35}],
            }
        }
        elements = [
            rule("7.1", "not demo.sign", [{"demo.sign": False}], [{"demo.sign": True}]),
            rule("7.2", "not demo.alarm", [{"demo.alarm": False}], [{"demo.alarm": True}]),
        ]
        rules = [
            rule("1", 'demo.rate < band("T1", demo.flow)'),
            rule("2", "at_least(2, [element.e7_1, element.e7_2])"),
        ]
        used = book(tmp_path, facts=facts, tables=tables, elements=elements, rules=rules)
        assert [f.rule for f in judged(used, {"demo.flow": 20, "demo.rate": 34.9}).findings] == ["demo-2026.1"]
        assert judged(used, {"demo.flow": 20, "demo.rate": 35}).findings == ()
        assert judged(used, {"demo.flow": 19.99, "demo.rate": 34.9}).findings == ()
        assert [o.rule for o in judged(used, {"demo.flow": 50, "demo.rate": 1}).open] == ["demo-2026.1"]
        both = judged(used, {"demo.sign": False, "demo.alarm": False})
        assert [f.rule for f in both.findings] == ["demo-2026.2"]
        one = judged(used, {"demo.sign": False})
        assert [q.fact for q in one.open[0].questions] == ["demo.alarm"]
        assert judged(used, {"demo.sign": True, "demo.alarm": False}).level is Level.GENERAL

    def test_alternatives_that_hold_as_well_are_told(self, tmp_path: Path) -> None:
        """The fewest facts make the finding; further alternatives of the same clause stand beside them."""
        facts = {"a": {"type": "boolean", "label": "甲"}, "b": {"type": "boolean", "label": "乙"}}
        either = rule("1", "demo.a or demo.b")
        finding = judged(book(tmp_path, facts=facts, rules=[either]), {"demo.a": True, "demo.b": True}).findings[0]
        assert [value.fact for value in finding.because] == ["demo.a"]
        assert [[value.fact for value in facts] for facts in finding.also_because] == [["demo.b"]]

    def test_dates_count_from_the_observation(self, tmp_path: Path) -> None:
        """``days_since`` counts to the day of observation."""
        facts = {"checked": {"type": "date", "label": "上次检验日期"}}
        late = rule("1", "days_since(demo.checked) > 365")
        used = book(tmp_path, facts=facts, rules=[late])
        assert judged(used, {"demo.checked": "2025-11-19"}).level is Level.MAJOR
        assert judged(used, {"demo.checked": "2025-11-20"}).level is Level.GENERAL
        assert judged(used, {"demo.checked": date(2025, 11, 19)}).findings[0].because[0].value == "2025-11-19"

    def test_text_facts_are_only_recorded(self, tmp_path: Path) -> None:
        """A text fact goes into the record and is never called unused."""
        facts = {"remark": {"type": "text", "label": "备注"}, "a": {"type": "boolean", "label": "甲"}}
        judgment = judged(book(tmp_path, facts=facts, rules=[rule("1", "demo.a")]), {"demo.remark": "东侧"})
        assert judgment.observation.facts == {"demo.remark": "东侧"}
        assert judgment.unused == ()


class TestRecord:
    """A judgment as a record."""

    @pytest.mark.parametrize(
        "arguments",
        [
            {"facts": DUST, "industry": "机械", "region": "山东", "ref": "2026-SD-0001"},
            {"facts": {"dust.storeys": 3}, "other": ["三个螺栓松动"]},
            {"facts": {"coal_gas.drainer_seal_pressure": 29.5}, "industry": "冶金"},
            {"asserted": ["gongmao-2023.14"], "observed_on": "2024-01-01"},
            {"facts": {"dust.storey": 1}, "strict": False},
            {"facts": DUST, "observed_on": "2023-05-14"},
        ],
    )
    def test_json_round_trip(self, arguments: dict[str, Any]) -> None:
        """A judgment read back from its own JSON is equal."""
        judgment = classify(**arguments)
        assert Judgment.model_validate_json(judgment.model_dump_json()) == judgment
        assert judgment.rulebook.fingerprint == RuleBook.load(arguments.get("region")).fingerprint

    def test_its_json_is_the_same_text_when_it_is_written_again(self) -> None:
        """Fields stand in the order of the model, however a judgment came to be."""
        judgment = classify(DUST, industry="机械")
        text = judgment.model_dump_json()
        assert Judgment.model_validate_json(text).model_dump_json() == text
        assert list(judgment.model_dump()) == list(Judgment.model_fields)
        assert judgment.model_fields_set == set(Judgment.model_fields)
        assert Judgment.model_validate_json(text).model_dump(exclude_unset=True) == judgment.model_dump()

    def test_it_is_frozen(self) -> None:
        """A judgment can't be changed."""
        judgment = classify(DUST, industry="机械")
        with pytest.raises(ValueError, match="frozen"):
            judgment.level = Level.NONE  # type: ignore[misc]

    def test_lenient_collects_what_is_refused(self) -> None:
        """With ``strict=False`` wrong facts are collected and the rest is judged."""
        judgment = classify({**DUST, "dust.storey": 1, "dust.kind": "wool"}, strict=False, industry="机械")
        assert judgment.level is Level.MAJOR
        assert {one.where.split("(")[0] for one in judgment.rejected} == {"dust.storey", "dust.kind"}
        assert all(one.problem for one in judgment.rejected)
