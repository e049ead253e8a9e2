"""What the README says is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from hazardrules import Judgment
from hazardrules.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, text: str = README) -> list[str]:
    """The code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def commands() -> list[str]:
    """Every ``hazardrules`` command of the README that needs no file of the reader's own and writes nothing."""
    lines = [line.partition("  #")[0].strip() for block in blocks("sh") for line in block.splitlines()]
    kept = [line for line in lines if line.startswith("hazardrules ")]
    return [line for line in kept if not any(own in line for own in ("检查发现.yaml", "结论.json", "pack-yunnan"))]


def test_the_example_gives_what_its_comments_say() -> None:
    """The Python example runs, and each commented value is the value."""
    (example,) = blocks("python")
    names: dict[str, Any] = {}
    exec(example, names)  # noqa: S102  # our own README
    judgment = names["judgment"]
    assert isinstance(judgment, Judgment)
    said = dict(re.findall(r"^(judgment\S+)\s+# (.+)$", example, re.MULTILINE))
    assert str(judgment.level) == "major"
    assert said["judgment.level"] == "Level.MAJOR"
    assert said["judgment.findings[0].citation"] == judgment.findings[0].citation
    deadline = re.sub(r"^\S+?前", "", said["judgment.deadline.text"])
    assert judgment.deadline is not None
    assert re.sub(r"^\S+?前", "", judgment.deadline.text) == deadline
    assert judgment.deadline.text == said["judgment.deadline.text"]


@pytest.mark.parametrize("command", commands())
def test_commands_work(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command of the README ends well, from the project's root."""
    monkeypatch.chdir(ROOT)
    words = shlex.split(command)[1:]
    expanded = [str(p) for word in words for p in (sorted(Path().glob(word)) if word == "rules/*" else [word])]
    result = CliRunner().invoke(app, expanded)
    assert result.exit_code == 0, result.output


def test_there_are_commands() -> None:
    """The README shows the commands that there are."""
    assert len(commands()) >= 9


def test_make_targets_exist() -> None:
    """The commands that README and CONTRIBUTING name are targets of the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for target in set(re.findall(r"make (\w+)", README + contributing)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_lead_somewhere() -> None:
    """Every relative link of the top pages leads to a file."""
    for page in ("README.md", "README.en.md", "CONTRIBUTING.md", "docs/README.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (ROOT / page).parent.joinpath(target).exists(), f"{page}: {target}"
