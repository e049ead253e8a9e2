"""When a text that is not held matters, and when a clause that others work out stands open by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from hazardrules import Judgment, PackErrors, RuleBook, classify
from packs import RULE, rule, write_pack

HEAD: dict[str, Any] = {
    "title": "演示判定规则",
    "number": None,
    "issuer": "某部",
    "rank": "规章",
    "issued": "2020-01-01",
    "effective": "2020-01-01",
    "expires": None,
    "coverage": "full",
}
INDUSTRIES = [{"id": "machinery", "label": "机械"}, {"id": "textile", "label": "纺织"}, {"id": "air", "label": "航空"}]
OLD_RULE = rule("1", "demo.exits < 2", [{"demo.exits": 1}], [{"demo.exits": 2}], document="fire-2020")
FACTS = {
    "height": {"type": "number", "label": "演示平台的高度", "unit": "米", "min": 0, "max": 100},
    "guard": {
        "type": "enum",
        "label": "演示平台护栏的状态",
        "of": {"working": "完好", "failed": "损坏", "absent": "没有"},
    },
    "exits": {"type": "integer", "label": "演示场所疏散出口的数目", "unit": "个", "min": 0},
}


@pytest.fixture
def book(tmp_path: Path) -> RuleBook:
    """Machinery and textile have a document; fire, for every industry, lost its text when it was replaced."""
    documents = {
        "fire-2020": HEAD
        | {"id": "fire-2020", "industries": ["*"], "expires": "2025-11-01"}
        | {"title": "演示火灾判定规则"},
        "fire-2025": HEAD
        | {"id": "fire-2025", "industries": ["*"], "issued": "2025-05-01", "effective": "2025-11-01"}
        | {"supersedes": ["fire-2020"], "coverage": "none", "missing": ["全文"], "title": "演示火灾判定规则"},
        "textile-2020": HEAD
        | {"id": "textile-2020", "industries": ["textile"], "coverage": "partial", "missing": ["第三条"]},
    }
    files = {
        f"documents/{id_}.yaml": yaml.safe_dump(
            {"document": head, "rules": [OLD_RULE] if id_ == "fire-2020" else []}, allow_unicode=True
        )
        for id_, head in documents.items()
    }
    folder = write_pack(
        tmp_path,
        facts=FACTS,
        industries=INDUSTRIES,
        document={"industries": ["machinery"], "issued": "2020-01-01", "effective": "2020-01-01"},
        files=files,
    )
    return RuleBook.load(packs=[folder])


def gaps(judgment: Judgment) -> list[str | None]:
    assert judgment.conclusive is (not judgment.gaps and not judgment.open)
    return [gap.document for gap in judgment.gaps]


@pytest.mark.parametrize(
    ("given", "industry", "on", "expected"),
    [
        ({"facts": {"demo.height": 1}}, "机械", "2026-11-20", []),
        ({"facts": {"demo.height": 1, "demo.exits": 1}}, "机械", "2026-11-20", ["fire-2025"]),
        ({"facts": {"demo.exits": 1}}, None, "2026-11-20", ["fire-2025"]),
        ({"facts": {"demo.height": 1}}, None, "2026-11-20", []),
        ({"facts": {"demo.exits": 1}}, "机械", "2025-10-31", []),
        ({"other": ["疏散出口的数目不足"]}, "机械", "2026-11-20", ["fire-2025"]),
        ({"other": ["平台护栏损坏"]}, "机械", "2026-11-20", []),
        ({"facts": {}}, "航空", "2026-11-20", ["fire-2025"]),
        ({"facts": {}}, "航空", "2019-12-31", [None]),
        ({"facts": {"demo.height": 1}}, "纺织", "2026-11-20", ["textile-2020"]),
        ({"facts": {"demo.exits": 1}}, "纺织", "2026-11-20", ["fire-2025", "textile-2020"]),
    ],
)
def test_a_gap_is_told_where_it_matters(
    book: RuleBook, given: dict[str, Any], industry: str | None, on: str, expected: list[str | None]
) -> None:
    """For its industry always; for every industry where facts or words speak of it, or nothing else applies."""
    judgment = classify(**given, industry=industry, observed_on=on, book=book)
    assert sorted(gaps(judgment), key=str) == sorted(expected, key=str)


def test_the_old_text_never_decides_for_the_new(book: RuleBook) -> None:
    """What the replaced text called major is not judged by it any more; the gap says so."""
    before = classify({"demo.exits": 1}, industry="机械", observed_on="2025-10-31", book=book)
    after = classify({"demo.exits": 1}, industry="机械", observed_on="2025-11-01", book=book)
    assert (before.level, after.level) == ("major", "general")
    assert not after.conclusive
    assert "演示火灾判定规则" in after.reason


def law(tmp_path: Path, **differs: Any) -> Path:
    """A law that names what the small document works out."""
    head = HEAD | {"id": "law-2020", "industries": ["machinery"], "coverage": "partial", "missing": ["其余各条"]}
    text = {
        "document": head | {"elaborated_by": ["demo-2026"]} | differs,
        "rules": [{"id": "law-2020.1", "ref": "第1条", "title": "平台不安全", "manual": True}],
    }
    return write_pack(
        tmp_path,
        industries=INDUSTRIES,
        rules=[RULE],
        document={"industries": ["machinery"]},
        files={"documents/law-2020.yaml": yaml.safe_dump(text, allow_unicode=True)},
    )


@pytest.mark.parametrize(("on", "open_"), [("2026-11-20", []), ("2025-11-20", ["law-2020.1"])])
def test_what_others_work_out_is_not_open_by_itself(tmp_path: Path, on: str, open_: list[str]) -> None:
    """While the elaborating document is in force neither clause nor gap is told; a person may still affirm it."""
    book = RuleBook.load(packs=[law(tmp_path)])
    judgment = classify({"demo.height": 1}, industry="机械", observed_on=on, book=book)
    assert [one.rule for one in judgment.open] == open_
    assert [gap.document for gap in judgment.gaps] == (["law-2020"] if open_ else [])
    affirmed = classify(asserted=["law-2020.1"], industry="机械", observed_on=on, book=book)
    assert affirmed.level == "major"


def test_the_elaborating_document_must_be_there(tmp_path: Path) -> None:
    """A name that no document has is refused with the nearest one."""
    with pytest.raises(PackErrors, match=r"HR402 没有文件 demo-2025.*demo-2026"):
        RuleBook.load(packs=[law(tmp_path, elaborated_by=["demo-2025"])])


def test_a_fact_of_a_replaced_text_leaves_the_answer_open(tmp_path: Path) -> None:
    """Where the law in force asks otherwise, what only the old one read must not end in a settled general."""
    old = {
        "document": HEAD | {"id": "demo-2020", "industries": ["machinery"], "expires": "2026-02-01"},
        "rules": [rule("1", "demo.exits < 2", [{"demo.exits": 1}], [{"demo.exits": 2}], document="demo-2020")],
    }
    folder = write_pack(
        tmp_path,
        facts=FACTS,
        industries=INDUSTRIES,
        rules=[RULE],
        document={"industries": ["machinery"], "supersedes": ["demo-2020"]},
        files={"documents/demo-2020.yaml": yaml.safe_dump(old, allow_unicode=True)},
    )
    book = RuleBook.load(packs=[folder])
    judgment = classify({"demo.exits": 1}, industry="机械", observed_on="2026-11-20", book=book)
    (unused,) = judgment.unused
    assert (judgment.level, judgment.conclusive, unused.superseded) == ("general", False, True)
    assert "已被替代" in unused.text
    elsewhere = classify({"demo.exits": 1}, industry="纺织", observed_on="2026-11-20", book=book)
    assert not elsewhere.unused[0].superseded
    assert elsewhere.conclusive is False  # of textile there is no document at all


def test_a_fact_that_holds_elsewhere_leaves_the_answer_open(tmp_path: Path) -> None:
    """What another industry's standard in force reads may only mean that the industry was named wrongly."""
    files = {
        "documents/cloth-2026.yaml": yaml.safe_dump(
            {
                "document": HEAD | {"id": "cloth-2026", "industries": ["textile"]},
                "rules": [rule("1", "demo.exits < 2", [{"demo.exits": 1}], [{"demo.exits": 2}], document="cloth-2026")],
            },
            allow_unicode=True,
        )
    }
    folder = write_pack(
        tmp_path, facts=FACTS, industries=INDUSTRIES, document={"industries": ["machinery"]}, files=files
    )
    book = RuleBook.load(packs=[folder])
    assert set(book.documents) == {"demo-2026", "cloth-2026"}
    judgment = classify({"demo.exits": 1}, industry="机械", observed_on="2026-11-20", book=book)
    (unused,) = judgment.unused
    assert (judgment.level, judgment.conclusive, unused.elsewhere) == ("general", False, True)
    assert "不是所报行业的" in unused.text
    settled = classify({"demo.height": 1}, industry="机械", observed_on="2026-11-20", book=book)
    assert settled.conclusive


LAWS = [
    {"id": "act", "title": "演示安全法", "number": "演示令第2号", "rank": "法律", "effective": "2020-01-01"}
    | {"status": "in_force", "coverage": "partial", "missing": ["第九条"]},
    {"id": "whole", "title": "演示条例", "rank": "条例", "status": "in_force", "coverage": "full"},
    {"id": "later", "title": "演示新法", "rank": "法律", "issued": "2026-06-01", "effective": "2026-09-01"}
    | {"status": "in_force", "coverage": "none", "missing": ["全文"]},
    {"id": "old", "title": "演示旧法", "rank": "法律", "effective": "2010-01-01", "expires": "2026-09-01"}
    | {"status": "repealed", "coverage": "none", "missing": ["全文"]},
    {"id": "gone", "title": "演示早法", "rank": "法律", "status": "repealed", "coverage": "none", "missing": ["全文"]},
    {
        "id": "woven",
        "title": "演示纺织法",
        "rank": "法律",
        "status": "unverified",
        "coverage": "none",
        "missing": ["甲"],
    }
    | {"industries": ["textile"]},
]


@pytest.mark.parametrize(
    ("on", "industry", "told"),
    [
        ("2026-08-31", "机械", ["act", "old"]),
        ("2026-09-01", "机械", ["act", "later"]),
        ("2019-12-31", "机械", ["old"]),
        ("2026-09-01", "纺织", ["act", "later", "woven"]),
    ],
)
def test_laws_that_are_not_held_are_told(tmp_path: Path, on: str, industry: str, told: list[str]) -> None:
    """Deadlines and duties of laws that were not read may be missing: told by day and industry, the level unmoved."""
    deadlines = {"policy": "演示", "laws": LAWS, "deadlines": []}
    document = {"industries": ["*"], "issued": "2010-01-01", "effective": "2010-01-01"}
    pack = write_pack(tmp_path, industries=INDUSTRIES, deadlines=deadlines, document=document)
    judgment = classify({"demo.guard": "absent"}, industry=industry, observed_on=on, book=RuleBook.load(packs=[pack]))
    assert [gap.document for gap in judgment.law_gaps] == told
    assert judgment.gaps == ()
    if "act" in told:
        assert "《演示安全法》(演示令第2号)没有读到:第九条" in judgment.law_gaps[0].text
    if "woven" in told:
        assert "是否现行没有核对" in judgment.law_gaps[-1].text
    assert Judgment.model_validate_json(judgment.model_dump_json()) == judgment


def test_no_hazard_needs_no_law(tmp_path: Path) -> None:
    """Where nothing is a hazard, no deadline can be missing."""
    pack = write_pack(tmp_path, industries=INDUSTRIES, deadlines={"policy": "演示", "laws": LAWS, "deadlines": []})
    judgment = classify({}, reported=False, observed_on="2026-09-01", book=RuleBook.load(packs=[pack]))
    assert (judgment.level, judgment.law_gaps) == ("none", ())


def test_a_topic_without_criteria_is_a_gap(tmp_path: Path) -> None:
    """A topic that a pack adds says what is missing for it, beside the criteria that hold for what it lies in."""
    topic = {"id": "fuel", "label": "演示燃料", "parents": ["textile"], "gap": "没有读到演示燃料的判定标准"}
    document = {"industries": ["*"]}
    pack = write_pack(tmp_path, industries=[*INDUSTRIES, topic], document=document)
    book = RuleBook.load(packs=[pack])
    judgment = classify({"demo.guard": "absent"}, industry="演示燃料", observed_on="2026-09-01", book=book)
    assert [(gap.document, gap.text) for gap in judgment.gaps] == [(None, "没有读到演示燃料的判定标准;需由人判断")]
    assert not judgment.conclusive
    assert classify({}, industry="纺织", observed_on="2026-09-01", book=book).gaps == ()
