"""What ``docs/programme.md`` says is so."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from hazardrules.figures import FIGURES

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "programme.md").read_text(encoding="utf-8")


def test_examples_give_what_their_comments_say() -> None:
    """The Python examples run one after another, and each commented value is the value."""
    names: dict[str, Any] = {}
    checked = 0
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, names)  # noqa: S102  # our own page
        for line in block.splitlines():
            expression, _, said = line.partition("  # ")
            if re.match(r"[\[(TF'\d]", said):
                assert repr(eval(expression, names)) == said, expression  # noqa: S307  # our own page
                checked += 1
    assert checked > 20


def test_definitions_are_those_of_the_figures() -> None:
    """The table of figures says what the library says."""
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (.+?) \|$", PAGE, re.MULTILINE)
    assert {name: (label, text) for name, label, text in rows if name in FIGURES} == FIGURES


def test_links_lead_somewhere() -> None:
    """Pages and sections that are linked exist."""
    for target, section in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", PAGE):
        path = ROOT / "docs" / target
        assert path.exists(), target
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        slugs = {re.sub(r"[^\w-]", "", heading.replace(" ", "-")).lower() for heading in headings}
        assert not section or section in slugs, section
