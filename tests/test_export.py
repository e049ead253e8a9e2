"""The catalogue as a database: whole, found by its words, the same in every format, with judgments that come back."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from hazardrules import InputError, Judgment, Level, RuleBook, classify
from hazardrules.cli import app
from hazardrules.lang.nodes import facts_read
from hazardrules.lang.text import to_text
from hazardrules.outputs import export as exporting
from hazardrules.outputs.database import OtherBook, append, other_books, search
from hazardrules.outputs.export import FORMATS, export
from hazardrules.outputs.schema import SCHEMA, schema_page, tables
from hazardrules.pack.check import build_pack
from packs import FACTS, RULE, rule, write_pack

ROOT = Path(__file__).parents[1]
BOOK = RuleBook.load()
DUST = {"dust.storeys": 3, "dust.structure": "brick"}
DAY = "2026-12-31"


def judged(day: str = "2026-11-20", **more: Any) -> Judgment:
    """A major hazard; another day or ``ref`` makes it another judgment."""
    return classify(DUST, industry="machinery", observed_on=day, book=BOOK, **more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the national catalogue in every format; nobody writes there."""
    folder = tmp_path_factory.mktemp("made")
    for suffixes in FORMATS.values():
        BOOK.export(folder / f"catalogue{suffixes[0]}")
    return folder


@pytest.fixture
def database(made: Path, tmp_path: Path) -> Path:
    """A SQLite catalogue of the test's own."""
    return Path(shutil.copy(made / "catalogue.sqlite", tmp_path / "own.sqlite"))


def query(path: Path, sql: str, *values: Any, **named: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql, named or values).fetchall()


def content(path: Path, kind: str = "catalogue") -> dict[str, list[tuple[Any, ...]]]:
    """Every table of a kind with its rows, sorted, booleans as such."""
    found = {}
    for table in tables():
        if table.kind == kind:
            names = ", ".join(column.name for column in table.columns)
            rows = query(path, f"SELECT {names} FROM {table.name}")  # noqa: S608  # our own names
            flags = [column.type == "BOOLEAN" for column in table.columns]
            plain = [tuple(bool(v) if f and v is not None else v for f, v in zip(flags, r, strict=True)) for r in rows]
            found[table.name] = ordered(plain)
    return found


def ordered(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return sorted(rows, key=lambda row: [(value is not None, value) for value in row])


# What is in it


def test_counts_are_those_of_the_book(made: Path) -> None:
    """Documents, criteria, facts, options, industries, elements, provisions: as many as the book has."""
    rules, documents = BOOK.rules(), BOOK.documents.values()
    expected = {
        "book": 1,
        "pack": len(BOOK.packs),
        "industry": len(BOOK.industries),
        "industry_alias": sum(len(one.aliases) for one in BOOK.industries.values()),
        "industry_parent": sum(len(one.parents) for one in BOOK.industries.values()),
        "document": len(documents),
        "document_missing": sum(len(one.missing) for one in documents),
        "document_relation": sum(len((*d.supersedes, *d.supplements, *d.elaborated_by)) for d in documents),
        "lookup_band": sum(len(table.rows) for one in documents for table in one.tables),
        "element": sum(len(one.elements) for one in documents),
        "domain": len(BOOK.domains),
        "fact": len(BOOK.facts),
        "fact_option": sum(len(one.options) for one in BOOK.facts.values()),
        "rule": len(rules),
        "rule_industry": sum(industry != "*" for one in rules for industry in one.industries),
        "rule_also_cited": sum(len(one.also_cited) for one in rules),
        "rule_text": len(rules),
        "counting": sum(len(one.counting) for one in BOOK.policies),
        "law": sum(len(one.laws) for one in BOOK.policies),
        "law_missing": sum(len(law.missing) for one in BOOK.policies for law in one.laws),
        "law_industry": sum(len(law.industries) for one in BOOK.policies for law in one.laws),
        "deadline_provision": sum(len(one.deadlines) for one in BOOK.policies),
        "duty_provision": sum(len(one.duties) for one in BOOK.policies),
        "duty_start": sum(len(duty.starts) for one in BOOK.policies for duty in one.duties),
        "duty_recurrence": sum(len(duty.recurs) for one in BOOK.policies for duty in one.duties),
        "duty_repetition": sum(len(duty.repeats) for one in BOOK.policies for duty in one.duties),
        "judgment": 0,
    }
    path = made / "catalogue.sqlite"
    assert {name: query(path, f"SELECT count(*) FROM {name}")[0][0] for name in expected} == expected  # noqa: S608
    assert query(path, "SELECT fingerprint, region, region_name FROM book") == [(BOOK.fingerprint, "CN", "全国")]


def test_laws_and_topics_of_a_province(tmp_path: Path) -> None:
    """Laws with what of them was not read, and topics without criteria with what is lacking."""
    book = RuleBook.load("山东")
    path = export(book, tmp_path / "山东.sqlite")
    laws = {law.name: (law.status, law.coverage) for one in book.policies for law in one.laws}
    assert {name: (s, c) for name, s, c in query(path, "SELECT name, status, coverage FROM law")} == laws
    assert query(path, "SELECT gap FROM industry WHERE label = '醇基燃料'") == [
        (next(one.gap for one in book.industries.values() if one.label == "醇基燃料"),)
    ]
    assert query(path, "SELECT gap FROM industry WHERE id = 'machinery'") == [(None,)]


def test_every_criterion_with_what_it_says(made: Path) -> None:
    """In the book's order: citation, condition, level, texts, the facts that it reads, and its industries."""
    path = made / "catalogue.sqlite"
    names = "id, document, ref, citation, group_name, title, level, status, manual, condition, remedy, inspect, note"
    rows = query(path, f"SELECT {names} FROM rule ORDER BY seq")  # noqa: S608  # our own names
    expected = [
        (
            one.id,
            one.document,
            one.ref,
            BOOK.cite(one),
            one.group or None,
            one.title,
            one.level,
            one.status,
            int(one.manual),
            None if one.condition is None else to_text(one.condition),
            one.remedy or None,
            one.inspect or None,
            one.note or None,
        )
        for one in BOOK.rules()
    ]
    assert rows == expected
    read: dict[str, set[str]] = {}
    for id_, fact in query(path, "SELECT rule, fact FROM rule_fact"):
        read.setdefault(id_, set()).add(fact)
    assert read == {
        one.id: facts for one in BOOK.rules() if not one.manual and (facts := set(facts_read(one.whole)) | {*one.reads})
    }
    own = query(path, "SELECT rule, fact FROM rule_fact WHERE NOT in_gate ORDER BY rule, position")
    assert own == [(one.id, fact) for one in sorted(BOOK.rules(), key=lambda r: r.id) for fact in one.reads]


def test_facts_and_documents_as_the_book_has_them(made: Path) -> None:
    """Bounds, units and assumed values; windows, gates and gaps."""
    path = made / "catalogue.sqlite"
    rows = query(path, "SELECT id, type, label, unit, minimum, maximum, assume FROM fact ORDER BY position")
    facts = BOOK.facts.values()
    assert [row[:-1] for row in rows] == [(f.id, f.type, f.label, f.unit, f.min, f.max) for f in facts]
    assumed = {row[0]: json.loads(row[-1]) for row in rows if row[-1] is not None}
    assert assumed == {f.id: f.assume for f in facts if f.assume is not None}
    options: dict[str, dict[str, str]] = {}
    for fact, value, label in query(path, "SELECT fact, value, label FROM fact_option ORDER BY fact, position"):
        options.setdefault(fact, {})[value] = label
    assert {id_: list(one.items()) for id_, one in options.items()} == {
        f.id: list(f.options.items()) for f in facts if f.options
    }
    windows = query(path, "SELECT id, starts, expires, coverage, gate FROM document ORDER BY position")
    assert windows == [
        (
            one.id,
            one.starts.isoformat(),
            one.expires.isoformat() if one.expires else None,
            one.coverage,
            None if one.gate is None else to_text(one.gate),
        )
        for one in BOOK.documents.values()
    ]
    missing = query(path, "SELECT document, citation FROM document_missing ORDER BY document, position")
    assert missing == [(id_, gap) for id_ in sorted(BOOK.documents) for gap in BOOK.documents[id_].missing]


def test_views_say_what_the_book_says(made: Path) -> None:
    """The criteria of an industry on a day, and those in force today, are those of ``book.rules``."""
    path = made / "catalogue.sqlite"
    for industry in ("machinery", "coal-openpit", "gongmao", "elderly-care"):
        rows = query(path, "SELECT rule FROM v_rule_for_industry WHERE industry = ?", industry)
        assert {id_ for (id_,) in rows} == {one.id for one in BOOK.rules(industry=industry)}
        assert len(rows) == len(set(rows))
    sql = "SELECT id FROM v_rule WHERE starts <= :day AND (expires IS NULL OR expires > :day)"
    assert {id_ for (id_,) in query(path, sql, day=DAY)} == {one.id for one in BOOK.rules(on=date.fromisoformat(DAY))}
    (today,) = query(path, "SELECT date('now', '+8 hours')")[0]
    in_force = {id_ for (id_,) in query(path, "SELECT id FROM v_rules_in_force")}
    assert in_force == {one.id for one in BOOK.rules(on=date.fromisoformat(today))}
    counts = query(path, "SELECT id, rules, manual, missing FROM v_document")
    assert counts == [
        (one.id, len(one.rules), sum(rule.manual for rule in one.rules), len(one.missing))
        for one in BOOK.documents.values()
    ]
    ((industries,),) = query(path, "SELECT industries FROM v_rule WHERE id = 'gongmao-2023.11.1'")
    labels = [BOOK.industries[id_].label for id_ in BOOK.rule("gongmao-2023.11.1").industries]
    assert sorted(industries.split("、")) == sorted(labels)
    options = query(path, "SELECT options FROM v_fact WHERE id = 'dust.structure'")
    assert options == [("、".join(BOOK.facts["dust.structure"].options.values()),)]


def test_sound_and_marked(made: Path) -> None:
    """No foreign key leads nowhere, SQLite finds nothing wrong, and the file says what it is."""
    path = made / "catalogue.sqlite"
    assert query(path, "PRAGMA foreign_key_check") == []
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    assert query(path, "PRAGMA user_version") == [(SCHEMA,)]
    assert query(path, "PRAGMA application_id") == [(0x485A5244,)]
    assert len(query(path, "SELECT name FROM pragma_foreign_key_list('rule_fact'), sqlite_master LIMIT 1")) == 1


def test_joins_and_searches_use_indexes(made: Path) -> None:
    """What people look for is not looked for row by row."""
    path = made / "catalogue.sqlite"
    for sql in (
        "SELECT * FROM rule WHERE document = 'coal-2026'",
        "SELECT rule FROM rule_fact WHERE fact = 'dust.storeys'",
        "SELECT rule FROM rule_industry WHERE industry = 'machinery'",
        "SELECT * FROM fact WHERE domain = 'dust'",
        "SELECT * FROM judgment WHERE unit = '甲' AND observed_on > '2026-01-01'",
        "SELECT * FROM judgment WHERE ref = '1'",
        "SELECT * FROM finding WHERE rule = 'coal-2026.4.1'",
        "SELECT * FROM finding WHERE judgment = 1",
        "SELECT * FROM finding WHERE due_on < '2026-01-01'",
    ):
        plan = " ".join(row[-1] for row in query(path, f"EXPLAIN QUERY PLAN {sql}"))
        assert "SEARCH" in plan, sql
        assert "SCAN" not in plan, sql


# Words


@pytest.mark.parametrize("word", ["液氨", "动火", "氨", "粉尘爆炸", "突出煤层"])
def test_words_are_found_however_short(made: Path, word: str) -> None:
    """Exactly the criteria of which some text holds the word, a word of one or two characters as well."""

    def said(one: Any) -> list[str]:
        facts = [BOOK.facts[id_] for id_ in one.reads]
        words = [label for fact in facts for label in (fact.label, *fact.options.values())]
        return [one.id, one.title, one.group, BOOK.cite(one), one.note, *words]

    def letters(text: str) -> str:
        return re.sub(r"[\W_]", "", text)

    found = {one.rule for one in search(made / "catalogue.sqlite", word, limit=10_000)}
    assert found == {one.id for one in BOOK.rules() if any(word in letters(text) for text in said(one))}
    assert found


@pytest.mark.parametrize(
    "text",
    [
        '"液氨"',
        "液氨*",
        "(液氨",
        "液氨 *",
        "液氨;--",
        "-液氨",
        "^液氨",
        "液氨'",
        "液氨\x00",
        "  液氨  ",
        "液 氨",
    ],
)
def test_marks_are_only_text(made: Path, text: str) -> None:
    """Quotes, stars, brackets, NUL and the like neither fail nor mean anything."""
    path = made / "catalogue.sqlite"
    plain = {one.rule for one in search(path, "液氨", limit=10_000)}
    assert plain <= {one.rule for one in search(path, text, limit=10_000)}


def test_operators_are_only_text(made: Path) -> None:
    """AND, OR, NOT, NEAR and column names are words to be found, or not found."""
    path = made / "catalogue.sqlite"
    every = {one.rule for one in search(path, "液氨", limit=10_000)}
    assert search(path, "液氨 NEAR") == []
    assert search(path, "title:液氨") == []
    some = {one.rule for one in search(path, "液氨 OR", limit=10_000)}
    assert some < every
    assert some == {id_ for id_ in every if " or " in _condition(id_)}


def _condition(id_: str) -> str:
    condition = BOOK.rule(id_).condition
    return "" if condition is None else f" {to_text(condition)} "


def test_several_words_widths_and_identifiers(made: Path) -> None:
    """All words must be there; full width and capitals are alike; ids and beginnings of names are found."""
    path = made / "catalogue.sqlite"
    both = {one.rule for one in search(path, "粉尘 除尘", limit=10_000)}
    assert both == {one.rule for word in ("粉尘",) for one in search(path, word, limit=10_000)} & {
        one.rule for one in search(path, "除尘", limit=10_000)
    }
    assert [one.rule for one in search(path, "ｇongmao-2023.11.1")] == ["gongmao-2023.11.1"]
    assert search(path, "DUST.stor", limit=500) == search(path, "dust.storeys", limit=500) != []
    found = search(path, "gongmao-2023.11.1")[0]
    rule_ = BOOK.rule("gongmao-2023.11.1")
    assert (found.citation, found.title, found.level) == (BOOK.cite(rule_), rule_.title, Level.MAJOR)
    assert (found.starts, found.expires, found.manual) == (date(2023, 5, 15), None, False)
    assert len(search(path, "煤", limit=3)) == 3


def test_what_stands_in_the_title_comes_first(made: Path) -> None:
    """A criterion that is about the word comes before one that reads a fact with it."""
    first = search(made / "catalogue.sqlite", "动火", limit=5)
    assert all("动火" in one.title or "动火" in BOOK.rule(one.rule).group for one in first[:2])


def test_no_phrase_across_labels(tmp_path: Path) -> None:
    """The end of one label and the beginning of the next are no word."""
    facts = {"demo": {"type": "enum", "label": "演示状态", "of": {"one": "甲乙", "two": "丙丁"}}}
    one = rule("1", 'demo.demo == "one"', hit=[{"demo.demo": "one"}], miss=[{"demo.demo": "two"}])
    book = RuleBook.load(packs=[write_pack(tmp_path / "pack", facts=facts, rules=[one])])
    path = book.export(tmp_path / "demo.sqlite")
    assert len(search(path, "甲乙")) == len(search(path, "丙丁")) == 1
    assert search(path, "乙丙") == []


@pytest.fixture(scope="module")
def searched(made: Path) -> Path:
    """The SQLite catalogue, for laws about many texts."""
    return made / "catalogue.sqlite"


@given(st.text(max_size=40))
def test_any_text_is_answered(searched: Path, text: str) -> None:
    """Whatever is typed is answered, or told to have no letter in it."""
    try:
        found = search(searched, text, limit=3)
    except InputError as error:
        assert "没有字" in str(error)
        assert not re.search(r"[0-9A-Za-z\u4e00-\u9fff]", text)
    else:
        assert len(found) <= 3


@settings(max_examples=40)
@given(st.data())
def test_every_part_of_a_title_finds_its_criterion(searched: Path, data: st.DataObject) -> None:
    """Any run of Chinese characters of a title, from a single one on."""
    one = data.draw(st.sampled_from(BOOK.rules()))
    run = data.draw(st.sampled_from(re.findall(r"[\u4e00-\u9fff]+", one.title)))
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    assert one.id in {found.rule for found in search(searched, run[start:end], limit=len(BOOK.rules()))}


def test_too_long_a_text(made: Path) -> None:
    """A whole page is no search; it is told how long a text may be."""
    assert search(made / "catalogue.sqlite", "煤 " * 250) != []
    with pytest.raises(InputError, match="最多 500 字"):
        search(made / "catalogue.sqlite", "煤" * 501)


@pytest.mark.parametrize("text", ["", "  ", '"', "*** ()"])
def test_nothing_to_look_for(made: Path, text: str) -> None:
    """A text without a letter or digit is told, not answered with nothing."""
    with pytest.raises(InputError, match="没有字"):
        search(made / "catalogue.sqlite", text)


@pytest.mark.parametrize("limit", [0, -1, True, 2.5])
def test_wrong_limit(made: Path, limit: Any) -> None:
    """A limit is a whole number from 1."""
    with pytest.raises(InputError, match="不小于 1"):
        search(made / "catalogue.sqlite", "煤", limit=limit)


# Judgments


def test_judgments_come_back(database: Path) -> None:
    """What is stored is the whole judgment, and its parts stand in the tables."""
    rich = classify(
        {**DUST, "dust.gathering": None},
        other=["三个螺栓松动"],
        asserted=["gongmao-2023.4.1"],
        industry=["machinery", "metallurgy"],
        region="山东",
        observed_on="2026-11-20",
        ref="2026-SD-0001",
        ordered=("2026-12-01", "责改〔2026〕1号"),
        book=BOOK,
    )
    still_open = classify({"dust.storeys": 3}, industry="machinery", observed_on="2026-11-21", book=BOOK)
    gaps = classify(industry="railway", observed_on="2026-11-22", reported=False, book=BOOK)
    judgments = [rich, still_open, gaps]
    assert append(database, iter(judgments), unit="甲厂") == 3
    stored = query(database, "SELECT json, unit FROM judgment ORDER BY id")
    assert [Judgment.model_validate_json(text) for text, _ in stored] == judgments
    assert {unit for _, unit in stored} == {"甲厂"}
    names = "ref, observed_on, region, level, conclusive, reported, industry_assumed, reason, due_on, deadline_source"
    assert query(database, f"SELECT {names}, fingerprint FROM judgment ORDER BY id") == [  # noqa: S608
        (
            one.observation.ref,
            one.observation.observed_on.isoformat(),
            one.observation.region,
            one.level.value,
            int(one.conclusive),
            int(one.observation.reported),
            int(one.industry_assumed),
            one.reason,
            one.deadline.due_on.isoformat() if one.deadline else None,
            one.deadline.source if one.deadline else None,
            BOOK.fingerprint,
        )
        for one in judgments
    ]
    facts = query(database, "SELECT fact, value FROM judgment_fact WHERE judgment = 1")
    assert {fact: json.loads(value) for fact, value in facts} == rich.observation.facts
    assert query(database, "SELECT text FROM judgment_other") == [("三个螺栓松动",)]
    industries = query(database, "SELECT industry FROM judgment_industry WHERE judgment = 1")
    assert {id_ for (id_,) in industries} == set(rich.observation.industry)
    found = query(database, "SELECT rule, decided_by, citation, due_on FROM finding ORDER BY judgment, position")
    assert found == [
        (one.rule, one.by, one.citation, one.deadline.due_on.isoformat())
        for judgment in judgments
        for one in judgment.findings
        if one.deadline
    ]
    assert {by for _, by, _, _ in found} == {"facts", "person"}
    texts = query(database, "SELECT text FROM finding_fact ORDER BY finding, alternative, position")
    assert [t for (t,) in texts] == [
        fact.text for one in rich.findings for facts in (one.because, *one.also_because) for fact in facts
    ]
    opened = query(database, "SELECT rule FROM open_rule ORDER BY judgment, position")
    assert [id_ for (id_,) in opened] == [one.rule for judgment in judgments for one in judgment.open]
    asked = query(database, "SELECT fact FROM open_question ORDER BY open_rule, position")
    assert [id_ for (id_,) in asked] == [q.fact for j in judgments for one in j.open for q in one.questions]
    assert still_open.open
    assert query(database, "SELECT document, text FROM gap ORDER BY judgment, position") == [
        (one.document, one.text) for judgment in judgments for one in judgment.gaps
    ]
    assert gaps.gaps
    duties = query(database, "SELECT duty FROM judgment_duty ORDER BY judgment, position")
    wanted = [d.id for j in judgments for d in (*(d for f in j.findings for d in f.duties), *j.duties)]
    assert [id_ for (id_,) in duties] == wanted
    assert query(database, "PRAGMA foreign_key_check") == []
    assert query(database, "PRAGMA integrity_check") == [("ok",)]


def test_the_same_judgment_is_one(database: Path) -> None:
    """By content, however it was made, and per unit; another ``ref`` is another judgment."""
    one = judged()
    again = Judgment.model_validate_json(one.model_dump_json())
    assert append(database, [one, again]) == 1
    assert append(database, [one]) == 0
    assert append(database, [one], unit="甲厂") == 1
    assert append(database, [again], unit="甲厂") == 0
    assert append(database, [judged(ref="二车间")], unit="甲厂") == 1
    assert append(database, []) == 0
    assert query(database, "SELECT unit, ref FROM judgment ORDER BY id") == [
        (None, None),
        ("甲厂", None),
        ("甲厂", "二车间"),
    ]
    assert query(database, "SELECT count(*) FROM finding") == [(3 * len(one.findings),)]


def test_another_rule_book_is_kept_and_told(database: Path) -> None:
    """A judgment of another book keeps that one's fingerprint, also where its criteria aren't in the database."""
    former = BOOK.on(date(2026, 11, 20))
    other = classify(DUST, industry="machinery", observed_on="2026-11-20", book=former)
    strange = other.model_copy(
        update={"findings": tuple(f.model_copy(update={"rule": "gone-2030.1"}) for f in other.findings)}
    )
    assert append(database, [judged(), other, strange]) == 3
    assert other_books(database) == (OtherBook(fingerprint=former.fingerprint, judgments=2),)
    assert query(database, "SELECT judgment FROM v_other_rulebook") == [(2,), (3,)]
    assert query(database, "PRAGMA foreign_key_check") == []


def test_all_or_none(database: Path) -> None:
    """What is no judgment is named, each by its number, and then nothing is added."""
    with pytest.raises(InputError) as told:
        append(database, cast("list[Judgment]", [judged(), {"level": "major"}, judged(ref="2"), None]))
    assert [problem.problem[:3] for problem in told.value.problems] == ["第2项", "第4项"]
    assert query(database, "SELECT count(*) FROM judgment") == [(0,)]

    def failing() -> Iterator[Judgment]:
        yield judged()
        raise RuntimeError("no more")

    with pytest.raises(RuntimeError, match="no more"):
        append(database, failing())
    assert query(database, "SELECT count(*) FROM judgment") == [(0,)]
    with pytest.raises(InputError, match="单位"):
        append(database, [judged()], unit=" ")


def test_writers_wait_for_each_other(database: Path) -> None:
    """Two programs that record at the same time lose nothing and number nothing twice."""
    code = (
        "import sys; from hazardrules import classify; from hazardrules.outputs.database import append\n"
        "facts = {'dust.storeys': 3, 'dust.structure': 'brick'}\n"
        "for n in range(5):\n"
        "    one = classify(facts, industry='machinery', observed_on='2026-11-20', ref=f'{sys.argv[2]}-{n}')\n"
        "    assert append(sys.argv[1], [one]) == 1\n"
    )
    command = [sys.executable, "-c", code, str(database)]
    running = [subprocess.Popen([*command, name]) for name in ("a", "b")]  # noqa: S603  # our own interpreter
    assert [one.wait() for one in running] == [0, 0]
    refs = {ref for (ref,) in query(database, "SELECT ref FROM judgment")}
    assert refs == {f"{name}-{n}" for name in "ab" for n in range(5)}
    assert query(database, "PRAGMA foreign_key_check") == []


# Formats


def test_json_has_the_same_rows(made: Path) -> None:
    """One document with the catalogue's tables, a line a row."""
    data = json.loads((made / "catalogue.json").read_text(encoding="utf-8"))
    assert data["schema_version"] == SCHEMA
    rows = {name: ordered([tuple(row.values()) for row in table]) for name, table in data["tables"].items()}
    assert rows == content(made / "catalogue.sqlite")
    names = {table.name: [column.name for column in table.columns] for table in tables()}
    assert all(list(row) == names[name] for name, table in data["tables"].items() for row in table)


def test_parquet_has_the_same_rows(made: Path) -> None:
    """A file per table, with booleans, days and numbers as such, also where a table has no rows."""
    expected = content(made / "catalogue.sqlite")
    folder = made / "catalogue.parquet"
    assert {one.stem for one in folder.iterdir()} == set(expected)
    days = {table.name: [column.type == "DATE" for column in table.columns] for table in tables()}
    for name, rows in expected.items():
        frame = pl.read_parquet(folder / f"{name}.parquet")
        found = [
            tuple(value.isoformat() if isinstance(value, date) else value for value in row) for row in frame.rows()
        ]
        assert ordered(found) == rows
        assert [kind == pl.Date for kind in frame.dtypes] == days[name]
    assert pl.read_parquet(folder / "rule.parquet").schema["manual"] == pl.Boolean


def test_excel_has_the_same_rows(made: Path) -> None:
    """A sheet per table under Chinese names, after a guide and what people read; days are days, text is text."""
    expected = content(made / "catalogue.sqlite")
    workbook = openpyxl.load_workbook(made / "catalogue.xlsx")
    by_label = {table.label: table for table in tables()}
    views = ["判定情形一览", "文件一览", "观测事实一览"]
    catalogue = [table.label for table in tables() if table.kind == "catalogue"]
    assert workbook.sheetnames == ["目录", *views, *catalogue]
    for label in catalogue:
        head, *rows = workbook[label].iter_rows(values_only=True)
        table = by_label[label]
        assert head == tuple(column.label for column in table.columns)
        plain = [tuple(v.date().isoformat() if isinstance(v, datetime) else v for v in row) for row in rows]
        assert ordered(cast("list[tuple[Any, ...]]", plain)) == expected[table.name]
    sheet = workbook["判定情形一览"]
    assert sheet.max_row == len(BOOK.rules()) + 1
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    guide = {(row[0], row[1]): row[3] for row in workbook["目录"].iter_rows(min_row=2, values_only=True)}
    assert guide["判定情形", "依据"] == "citation"


def test_text_like_a_formula_stays_text(tmp_path: Path) -> None:
    """Excel computes nothing that a pack says."""
    one = {**RULE, "note": '=HYPERLINK("http://example.invalid","甲")'}
    book = RuleBook.load(packs=[write_pack(tmp_path / "pack", rules=[one])])
    sheet = openpyxl.load_workbook(book.export(tmp_path / "demo.xlsx"))["判定情形"]
    cells = [cell for row in sheet.iter_rows() for cell in row if str(cell.value).startswith("=")]
    assert [(cell.value, cell.data_type) for cell in cells] == [(one["note"], "s")]


def test_text_too_long_for_a_cell(tmp_path: Path) -> None:
    """What a cell can't hold is told, and no cut workbook is left; the other formats hold it."""
    one = {**RULE, "note": "长" * 32_768}
    book = RuleBook.load(packs=[write_pack(tmp_path / "pack", rules=[one])])
    with pytest.raises(InputError, match="32767"):
        book.export(tmp_path / "demo.xlsx")
    assert not (tmp_path / "demo.xlsx").exists()
    assert query(book.export(tmp_path / "demo.db"), "SELECT length(note) FROM rule") == [(32_768,)]


def test_control_characters(tmp_path: Path) -> None:
    """What Excel refuses is told with its place, all of it; the other formats keep it."""
    rules = [{**RULE, "note": "甲\x0b乙", "remedy": "\x01"}]
    book = RuleBook.load(packs=[write_pack(tmp_path / "pack", rules=rules)])
    with pytest.raises(InputError, match="工作表 判定情形 第2行 说明") as told:
        book.export(tmp_path / "demo.xlsx")
    assert len(told.value.problems) == 4  # both, in the table and in the list that people read
    assert query(book.export(tmp_path / "demo.sqlite"), "SELECT note, remedy FROM rule") == [("甲\x0b乙", "\x01")]


def test_a_compiled_pack_gives_the_same_bytes(tmp_path: Path) -> None:
    """As it is installed and as it lies in a checkout."""
    facts = {**FACTS, "built": {"type": "date", "label": "演示建成日期"}}
    folder = write_pack(tmp_path / "pack", facts=facts)
    first = RuleBook.load(packs=[folder]).export(tmp_path / "first.sqlite")
    build_pack(folder)
    second = RuleBook.load(packs=[folder]).export(tmp_path / "second.sqlite")
    assert first.read_bytes() == second.read_bytes()


def test_exact_bounds(tmp_path: Path) -> None:
    """Decimal bounds are numbers; conditions keep every digit."""
    facts = {"depth": {"type": "number", "label": "演示深度", "unit": "米", "min": 0.1, "max": 2.5}}
    first = rule("1", "demo.depth > 1.5", hit=[{"demo.depth": 1.6}], miss=[{"demo.depth": 1.5}])
    book = RuleBook.load(packs=[write_pack(tmp_path / "pack", facts=facts, rules=[first])])
    path = book.export(tmp_path / "demo.sqlite")
    assert query(path, "SELECT minimum, maximum FROM fact WHERE id = 'demo.depth'") == [(0.1, 2.5)]
    assert query(path, "SELECT condition FROM rule WHERE id = 'demo-2026.1'") == [("demo.depth > 1.5",)]
    frame = pl.read_parquet(book.export(tmp_path / "demo.parquet") / "fact.parquet")
    assert frame.filter(id="demo.depth").select("minimum", "maximum").rows() == [(0.1, 2.5)]


def test_added_values(tmp_path: Path) -> None:
    """A value that a later pack adds to a fact says whose it is and what it counts as."""
    more = "domain: dust\nextends:\n  gathering: {canteen: {label: 食堂, like: other}}\n"
    own = rule("1", 'has_any(dust.gathering, ["canteen"])', [{"dust.gathering": ["canteen"]}], [{"dust.gathering": []}])
    requires = {"packs": {"national": ">=2026.11"}}
    folder = write_pack(tmp_path / "pack", rules=[own], files={"facts/dust.yaml": more}, requires=requires)
    path = RuleBook.load(packs=["national", folder]).export(tmp_path / "demo.sqlite")
    sql = "SELECT value, label, pack, counts_as FROM fact_option WHERE fact = 'dust.gathering' ORDER BY position"
    *former, added = query(path, sql)
    assert added == ("canteen", "食堂", "demo", "other")
    assert former == [(key, label, "national", None) for key, label in BOOK.facts["dust.gathering"].options.items()]
    assert query(path, "SELECT * FROM pack_requirement") == [("demo", "national", "2026.11")]
    assert "demo-2026.1" in {one.rule for one in search(path, "食堂", limit=1_000)}


@pytest.mark.parametrize("suffix", [".sqlite", ".json", ".parquet", ".xlsx"])
def test_a_province(tmp_path: Path, suffix: str) -> None:
    """The book of a province says so, and holds its duties and place names."""
    book = RuleBook.load("山东")
    path = book.export(tmp_path / f"山东{suffix}")
    if suffix == ".sqlite":
        assert query(path, "SELECT region, region_name FROM book") == [("370000", "山东省")]
        packs = [(pack.id, pack.version) for pack in book.packs]
        assert query(path, "SELECT id, version FROM pack ORDER BY position") == packs
        assert "shandong" in dict(packs)
        duties = [(pack.id, duty.id) for pack in book.packs for duty in pack.policy.duties]
        assert query(path, "SELECT pack, id FROM duty_provision ORDER BY seq") == duties
        assert query(path, "SELECT code, name FROM place") == sorted(book.region_names.items())
        assert query(path, "PRAGMA foreign_key_check") == []
    elif suffix == ".json":
        assert json.loads(path.read_text(encoding="utf-8"))["tables"]["book"][0]["fingerprint"] == book.fingerprint
    elif suffix == ".parquet":
        assert pl.read_parquet(path / "book.parquet")["region"].to_list() == ["370000"]
    else:
        with closing(openpyxl.load_workbook(path, read_only=True)) as workbook:
            assert workbook["规则库"]["B2"].value == "370000"


def test_the_book_of_a_day(tmp_path: Path) -> None:
    """``book.on(day)`` exports as well: relations to documents that it leaves out stay on record."""
    book = BOOK.on(date(2026, 11, 20))
    path = book.export(tmp_path / "day.sqlite")
    assert query(path, "SELECT count(*) FROM rule") == [(len(book.rules()),)]
    assert query(path, "SELECT other FROM document_relation WHERE document = 'coal-2026'") == [("coal-2020",)]
    assert query(path, "SELECT count(*) FROM document WHERE id = 'coal-2020'") == [(0,)]
    assert query(path, "PRAGMA foreign_key_check") == []


def test_the_same_book_gives_the_same_bytes(made: Path, tmp_path: Path) -> None:
    """In every format, in another process with another hash seed."""
    code = (
        "import sys; from pathlib import Path; from hazardrules import RuleBook\n"
        "for suffix in sys.argv[2:]: RuleBook.load().export(Path(sys.argv[1]) / f'catalogue{suffix}')"
    )
    suffixes = [suffixes[0] for suffixes in FORMATS.values()]
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path), *suffixes], check=True, env=environment)  # noqa: S603  # our own interpreter

    def bytes_of(folder: Path) -> dict[str, bytes]:
        return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}

    first, second = bytes_of(made), bytes_of(tmp_path)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


# Places and refusals


@pytest.mark.parametrize(
    ("name", "form", "words"),
    [
        ("目录.sqlit", None, [".sqlit", "sqlite(.sqlite、.db)", "最接近的是 .sqlite"]),
        ("目录.csv", None, [".csv", "parquet(.parquet)", "json(.json)", "excel(.xlsx)"]),
        ("目录", None, ["没有后缀", "format"]),
        ("目录.json", "exel", ["没有格式 exel", "最接近的是 excel"]),
    ],
)
def test_unknown_formats(tmp_path: Path, name: str, form: str | None, words: list[str]) -> None:
    """An unknown suffix or format is told with all that are allowed and the nearest."""
    with pytest.raises(InputError) as told:
        export(BOOK, tmp_path / name, format=form)
    assert all(word in str(told.value) for word in words)
    assert list(tmp_path.iterdir()) == []


def test_format_by_name_and_by_suffix(tmp_path: Path) -> None:
    """A named format needs no suffix; ``.db`` and capitals are SQLite too."""
    demo = RuleBook.load(packs=[write_pack(tmp_path / "pack")])
    assert demo.export(str(tmp_path / "one"), format="json") == tmp_path / "one"
    assert json.loads((tmp_path / "one").read_text(encoding="utf-8"))["tables"]["rule"][0]["id"] == "demo-2026.1"
    assert query(demo.export(tmp_path / "two.DB"), "SELECT id FROM rule") == [("demo-2026.1",)]


@pytest.mark.parametrize("suffix", [".sqlite", ".json", ".parquet", ".xlsx"])
def test_what_is_there_is_not_written_over(tmp_path: Path, suffix: str) -> None:
    """Unless it is asked for; then it is replaced, and nothing else is left in the folder."""
    demo = RuleBook.load(packs=[write_pack(tmp_path / "pack")])
    folder = tmp_path / "out"
    folder.mkdir()
    path = demo.export(folder / f"demo{suffix}")
    with pytest.raises(InputError, match="已经存在") as told:
        demo.export(path)
    assert "overwrite" in str(told.value)
    other = RuleBook.load(packs=[write_pack(tmp_path / "other", rules=[{**RULE, "title": "另一个标题"}])])
    assert other.export(path, overwrite=True) == path
    fresh = other.export(tmp_path / f"fresh{suffix}")
    new, wanted = ((one / "rule.parquet" if suffix == ".parquet" else one).read_bytes() for one in (path, fresh))
    assert new == wanted
    assert list(folder.iterdir()) == [path]


def test_judgments_survive_a_new_catalogue(database: Path, tmp_path: Path) -> None:
    """A new catalogue takes the place of the old one; what was recorded stays, and can be added to."""
    append(database, [judged(), judged(ref="2")], unit="甲厂")
    kept = content(database, "judgments")
    demo = RuleBook.load(packs=[write_pack(tmp_path / "pack")])
    demo.export(database, overwrite=True)
    assert content(database, "judgments") == kept
    assert query(database, "SELECT id FROM rule") == [("demo-2026.1",)]
    assert other_books(database) == (OtherBook(fingerprint=BOOK.fingerprint, judgments=2),)
    assert append(database, [judged(), judged(ref="3")], unit="甲厂") == 1
    with pytest.raises(InputError, match="会丢掉记入的判定结论"):
        demo.export(database, format="json", overwrite=True)
    assert query(database, "PRAGMA foreign_key_check") == []


def test_folders_are_replaced_with_care(tmp_path: Path) -> None:
    """A folder with anything else in it stays; a file is no folder, nor the reverse; a folder must be there."""
    demo = RuleBook.load(packs=[write_pack(tmp_path / "pack")])
    path = demo.export(tmp_path / "demo.parquet")
    (path / "我的.txt").write_text("别的", encoding="utf-8")
    with pytest.raises(InputError, match=r"我的\.txt"):
        demo.export(path, overwrite=True)
    assert (path / "我的.txt").exists()
    assert (path / "rule.parquet").exists()
    with pytest.raises(InputError, match="是文件夹"):
        demo.export(path, format="json", overwrite=True)
    with pytest.raises(InputError, match="是文件,"):
        demo.export(demo.export(tmp_path / "demo.json"), format="parquet", overwrite=True)
    with pytest.raises(InputError, match="不存在"):
        demo.export(tmp_path / "nowhere" / "demo.json")


def test_what_the_system_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full, or a folder that may not be written to, is told in Chinese; nothing is left behind."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    def full_too(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(exporting, "_write_json", full)
    monkeypatch.setattr(exporting, "write_database", full_too)
    with pytest.raises(InputError, match="写不成:No space left"):
        BOOK.export(tmp_path / "demo.json")
    with pytest.raises(InputError, match="写不成:database or disk is full"):
        BOOK.export(tmp_path / "demo.sqlite")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "package", "extra"), [(".parquet", "polars", "frame"), (".xlsx", "openpyxl", "excel")]
)
def test_missing_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, package: str, extra: str
) -> None:
    """The extra to install is named."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(InputError, match=re.escape(f"pip install 'hazardrules[{extra}]'")):
        BOOK.export(tmp_path / f"demo{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_only_the_standard_library_for_sqlite_and_json(tmp_path: Path) -> None:
    """No dataframe or workbook package is imported for them."""
    code = (
        "import sys; from pathlib import Path; from hazardrules import RuleBook\n"
        "for suffix in ('.sqlite', '.json'): RuleBook.load().export(Path(sys.argv[1]) / f'c{suffix}')\n"
        "print(*{'polars', 'pyarrow', 'pandas', 'openpyxl', 'typer', 'rich'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603  # our own interpreter
    assert done.stdout.strip() == ""


def test_files_that_are_no_database_of_ours(tmp_path: Path, database: Path) -> None:
    """Missing, text, another SQLite database, another version, a broken one: each is told."""
    text = tmp_path / "text.sqlite"
    text.write_text("不是数据库", encoding="utf-8")
    other = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE rule (id)")
    newer = Path(shutil.copy(database, tmp_path / "newer.sqlite"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version = 99")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(database.read_bytes()[:5000])
    for path, words in (
        (tmp_path / "none.sqlite", "没有数据库文件"),
        (text, "不是 hazardrules 导出的"),
        (other, "不是 hazardrules 导出的"),
        (newer, "第 99 版"),
        (broken, "读写不成"),
    ):
        for call in (lambda p: search(p, "液氨"), lambda p: append(p, [judged()]), other_books):
            with pytest.raises(InputError, match=words):
                call(path)
    assert not (tmp_path / "none.sqlite").exists()
    with pytest.raises(InputError, match="第 99 版"):  # its judgments would be lost
        BOOK.export(newer, overwrite=True)
    assert query(newer, "PRAGMA user_version") == [(99,)]
    BOOK.export(other, overwrite=True)
    assert query(other, "SELECT count(*) FROM rule") == [(len(BOOK.rules()),)]


# Documentation


def test_the_tables_are_described(made: Path) -> None:
    """Every table, view and column of the database is in the description with a Chinese name, each name once."""
    path = made / "catalogue.sqlite"
    there = query(
        path,
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'rule!_text%' ESCAPE '!'",
    )
    described = {table.name: table for table in tables()}
    assert {name for (name,) in there} == set(described)
    assert len({table.label for table in tables()}) == len(described)
    for name, table in described.items():
        columns = [row[1] for row in query(path, f"PRAGMA table_info({name})")]
        if table.columns or table.kind != "view":
            assert [column.name for column in table.columns] == columns
        labels = [column.label for column in table.columns]
        assert all(labels)
        assert len(set(labels)) == len(labels), name


def test_the_page_is_current() -> None:
    """``docs/database.md`` ends with what ``schema_page()`` writes."""
    text = (ROOT / "docs/database.md").read_text(encoding="utf-8")
    (head, rest) = text.split("<!-- 以下由 hazardrules.outputs.schema.schema_page() 生成 -->\n\n")
    assert rest == schema_page()
    assert f"现在是 {SCHEMA}" in head
    assert "### `rule` 判定情形" in rest
    for suffixes in FORMATS.values():
        assert all(f"`{suffix}`" in head for suffix in suffixes)


def _queries() -> list[str]:
    text = (ROOT / "docs/database.md").read_text(encoding="utf-8")
    return [
        one for block in re.findall(r"```sql\n(.*?)```", text, re.DOTALL) for one in block.split(";\n") if one.strip()
    ]


@pytest.mark.parametrize("sql", _queries())
def test_the_queries_of_the_page(database: Path, sql: str) -> None:
    """Each runs and finds something in a database with judgments, some of them late, some of another book."""
    still_open = classify({"dust.storeys": 3}, industry="machinery", observed_on="2026-11-21", book=BOOK)
    other = classify(DUST, industry="machinery", observed_on="2026-11-19", book=BOOK.on(date(2026, 11, 19)))
    append(database, [judged(), judged(ref="2"), still_open, other], unit="甲厂")
    rows = query(database, sql, day=DAY)
    assert rows
    if "days_late" in sql:
        due = judged().deadline
        assert due is not None
        late = (date.fromisoformat(DAY) - due.due_on).days
        assert rows[-1] == ("甲厂", "2", BOOK.cite(BOOK.rule("gongmao-2023.11.1")), due.due_on.isoformat(), late)


def test_the_page_counts_like_the_book(database: Path) -> None:
    """The page's query for an industry on a day gives what ``book.rules`` gives."""
    (sql,) = (one for one in _queries() if "v_rule_for_industry" in one)
    found = {row[0] for row in query(database, sql, day=DAY)}
    assert found == {one.id for one in BOOK.rules(industry="机械", on=date.fromisoformat(DAY))}


def test_the_examples_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its commands and its Python run one after the other, in an empty folder with an observation."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(ROOT / "examples/dust-workshop.yaml", "检查发现.yaml")
    names: dict[str, Any] = {"judgment": judged()}
    text = (ROOT / "docs/database.md").read_text(encoding="utf-8")
    for language, block in re.findall(r"```(sh|python)\n(.*?)```", text, re.DOTALL):
        if language == "python":
            Path("山东.sqlite").unlink() if ".export(" in block else None
            exec(block, names)  # noqa: S102  # our own page
            continue
        for line in block.splitlines():
            command, _, into = line.partition("  #")[0].partition(" > ")
            done = CliRunner().invoke(app, shlex.split(command)[1:])
            assert done.exit_code == 0, done.output
            if into:
                Path(into.strip()).write_text(done.stdout, encoding="utf-8")
    assert query(Path("山东.sqlite"), "SELECT unit FROM judgment") == [("某某机械厂",), ("某某机械厂",)]
    assert {one.suffix for one in tmp_path.iterdir()} >= {".sqlite", ".xlsx", ".json", ".parquet"}


# The command line


def run(*words: str | Path) -> Any:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_export_command(tmp_path: Path) -> None:
    """Writes what was asked for, says what is in it, and refuses what ``export`` refuses."""
    path = tmp_path / "山东.sqlite"
    done = run("export", path, "--region", "山东")
    assert done.exit_code == 0, done.output
    book = RuleBook.load("山东")
    assert f"{len(book.rules())} 条判定情形" in done.output
    assert query(path, "SELECT fingerprint FROM book") == [(book.fingerprint,)]
    again = run("export", path)
    assert again.exit_code == 1
    assert "已经存在" in again.output
    assert run("export", path, "--overwrite").exit_code == 0
    assert query(path, "SELECT region FROM book") == [("CN",)]
    demo = write_pack(tmp_path / "pack")
    assert run("export", tmp_path / "demo", "--format", "json", "--pack", demo).exit_code == 0
    assert json.loads((tmp_path / "demo").read_text(encoding="utf-8"))["tables"]["pack"][0]["id"] == "demo"


def test_record_command(database: Path, tmp_path: Path) -> None:
    """Records files with one judgment or one a line, tells how many were new, and what rests on another book."""
    one, lines = tmp_path / "结论.json", tmp_path / "结论.jsonl"
    one.write_text(judged().model_dump_json(indent=2), encoding="utf-8")
    other = classify(DUST, industry="machinery", observed_on="2026-11-19", book=BOOK.on(date(2026, 11, 19)))
    said = judged(other=["有\u2028一处"])  # a line separator inside a text is no new line
    lines.write_text(f"{other.model_dump_json()}\n{said.model_dump_json()}\n\n", encoding="utf-8")
    done = run("record", database, one, lines, "--unit", "甲厂")
    assert done.exit_code == 0, done.output
    assert "记入 3 份,已有 0 份" in done.output
    assert "库里有 1 份结论是按另一版规则库判定的" in done.output
    assert "记入 0 份,已有 3 份" in run("record", database, one, lines, "--unit", "甲厂").output
    assert query(database, "SELECT DISTINCT unit FROM judgment") == [("甲厂",)]


def test_record_command_refuses(database: Path, tmp_path: Path) -> None:
    """Every file that can't be read as judgments is named with its place; then none is recorded."""
    good, bad, lines = tmp_path / "好.json", tmp_path / "坏.json", tmp_path / "坏.jsonl"
    good.write_text(judged().model_dump_json(), encoding="utf-8")
    bad.write_text('{"level": "major"}', encoding="utf-8")
    lines.write_text(f"{judged().model_dump_json()}\n{{}}\n", encoding="utf-8")
    binary = tmp_path / "二进制.json"
    binary.write_bytes(b"\xff\xfe\x00")
    done = run("record", database, good, bad, lines, binary, tmp_path / "没有.json")
    assert done.exit_code == 1
    for words in ("坏.json: 不是判定结论", "坏.jsonl 第2行", "不是 UTF-8", "没有.json: 读不出来", "没有记入任何结论"):
        assert words in done.output
    assert query(database, "SELECT count(*) FROM judgment") == [(0,)]
    assert "不是 hazardrules 导出的数据库" in run("record", good, good).output
