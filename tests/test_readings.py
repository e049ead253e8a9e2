"""The pages of readings speak of the rule book as it is: its rules, its facts and everything that is assumed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hazardrules import RuleBook
from hazardrules.lang.nodes import facts_read

BOOK = RuleBook.load()
FOLDER = Path(__file__).parents[1] / "docs" / "readings"
PAGES = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
PAGE = "\n".join(PAGES.values())
RULES = set(re.findall(r"[a-z]+(?:-[a-z]+)*-\d{4}\.[A-Za-z0-9.-]+", PAGE))
FACTS = set(re.findall(r"`([a-z_]+\.[a-z_]+)`", PAGE))
ASSUMPTIONS = {
    fact: (value, set(re.findall(r"`([^`]+)`", readers)))
    for fact, value, readers in re.findall(r"^\| `([^`]+)` \| `([^`]+)` \| ([^|]+) \|", PAGE, re.MULTILINE)
}
"""The table of what is assumed: fact -> its value, the rules that read it."""
CHOICE = re.compile("读法|理解|缺一|任一|并列|人工")
"""The words by which a note says that the text left a choice."""


def test_every_rule_and_fact_that_is_mentioned_exists() -> None:
    """Neither a rule nor a fact is spoken of that the rule book doesn't have."""
    assert RULES
    elements = {element.id for document in BOOK.documents.values() for element in document.elements}
    assert RULES - elements - {rule.id for rule in BOOK.rules()} == set()
    assert FACTS - set(BOOK.facts) == set()


def test_every_assumption_is_listed_with_its_value_and_readers() -> None:
    """The table of assumptions is exactly what the facts and the conditions say."""
    assumed = {
        fact.id: (
            str(fact.assume).lower(),
            {rule.id for rule in BOOK.rules() if not rule.manual and fact.id in facts_read(rule.whole)},
        )
        for fact in BOOK.facts.values()
        if fact.assume is not None
    }
    assert assumed == ASSUMPTIONS


@pytest.mark.parametrize("document", ["gongmao-2023", "gongmao-2017"])
def test_every_choice_that_a_note_admits_is_listed(document: str) -> None:
    """A rule whose note says how an unclear text was taken stands on the page too."""
    choices = [rule.id for rule in BOOK.rules(document=document) if CHOICE.search(rule.note)]
    assert len(choices) > 20
    assert [id_ for id_ in choices if id_ not in RULES] == []


def test_the_index_lists_every_page() -> None:
    """Each page is linked once, and each link leads to a page."""
    linked = re.findall(r"\]\(([a-z0-9-]+\.md)\)", PAGES["README.md"])
    assert sorted(linked) == sorted(PAGES.keys() - {"README.md"})
