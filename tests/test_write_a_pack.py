"""The page that leads from nothing to an installed pack: every command on it is run, and shows what the page shows.

Only ``pip install`` is not run as it stands, since that fetches from the network: the library and pytest are those of
the tests, and for the pack itself there is put on the path what an installation leaves there, the package and its
metadata. A pack is built and installed for real by ``make scaffold``.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PAGE: Final = Path(__file__).parent.parent / "docs" / "write-a-pack.md"
BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
LIBRARY: Final = "pip install 'hazardrules[cli]' pytest"
ELLIPSIS: Final = "……"


def blocks() -> list[tuple[str, str]]:
    """The code blocks of the page with their kinds, in order."""
    return BLOCK.findall(PAGE.read_text(encoding="utf-8"))


@dataclass
class Reader:
    """Someone who follows the page: where they are, what they have installed, and what was printed last."""

    folder: Path
    site: Path
    output: str = ""
    codes: list[int] = field(default_factory=list)

    def run(self, line: str) -> None:
        """Type one command."""
        program, *arguments = shlex.split(line)
        if line == LIBRARY:
            return
        if line == "pip install .":
            self.install()
        elif program == "cd":
            self.folder /= arguments[0]
            assert self.folder.is_dir()
        elif program == "rm":
            (self.folder / arguments[0]).unlink()
        else:
            assert program in ("hazardrules", "pytest"), line
            self.start([sys.executable, "-m", program, *arguments])

    def start(self, command: list[str]) -> None:
        """Run a program where the reader is, with nothing of the environment that changes what it prints."""
        left_out = ("HAZARDRULES_PACKS", "COLUMNS", "FORCE_COLOR", "PYTEST_ADDOPTS", "PYTEST_CURRENT_TEST")
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        path = os.pathsep.join(filter(None, [str(self.site), environment.get("PYTHONPATH", "")]))
        environment |= {"PYTHONPATH": path, "PYTHONUTF8": "1", "NO_COLOR": "1"}
        result = subprocess.run(  # noqa: S603  # this interpreter, with what the page says
            command,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        self.output += result.stdout
        self.codes.append(result.returncode)

    def install(self) -> None:
        """Leave what ``pip install .`` leaves: the package of the wheel, and metadata with its entry points."""
        stated = tomllib.loads((self.folder / "pyproject.toml").read_text(encoding="utf-8"))
        project = stated["project"]
        for package in stated["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
            shutil.copytree(self.folder / package, self.site / package)
        info = self.site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
        info.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
        (info / "METADATA").write_text(metadata, encoding="utf-8")
        groups = project["entry-points"].items()
        entries = [f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in named.items()) for group, named in groups]
        (info / "entry_points.txt").write_text("\n".join(entries), encoding="utf-8")

    def write(self, text: str) -> None:
        """Save a file whose first line names it."""
        match = re.match(r"# (\S+\.yaml)\n", text)
        assert match, text
        path = self.folder / match.group(1)
        assert path.parent.is_dir()
        path.write_text(text, encoding="utf-8")

    def change(self, text: str) -> None:
        """Replace the one line of the pack that a change is about."""
        old, new = text.splitlines()
        assert (old[0], new[0]) == ("-", "+")
        files = [
            path for path in self.folder.rglob("*.yaml") if old[1:] in path.read_text(encoding="utf-8").split("\n")
        ]
        assert len(files) == 1, text
        lines = files[0].read_text(encoding="utf-8").split("\n")
        assert lines.count(old[1:]) == 1
        files[0].write_text("\n".join(new[1:] if line == old[1:] else line for line in lines), encoding="utf-8")


def assert_shown(shown: str, output: str) -> None:
    """The lines that the page shows are in the output, in order; between two of them only where the page says so."""
    lines = [line.rstrip() for line in output.splitlines()]
    here, skipping = 0, True
    for line in shown.splitlines():
        if line == ELLIPSIS:
            skipping = True
            continue
        pattern = re.compile(re.escape(line.rstrip()).replace(re.escape(ELLIPSIS), ".*"))
        fitting = [n for n in range(here, len(lines)) if pattern.fullmatch(lines[n])]
        assert fitting, f"{line!r} is not in:\n{output}"
        assert skipping or fitting[0] == here, f"{line!r} does not follow in:\n{output}"
        here, skipping = fitting[0] + 1, False


def test_every_command_shows_what_the_page_shows(tmp_path: Path) -> None:
    """From an empty folder to an installed pack; a command fails exactly where the page shows that it does."""
    (tmp_path / "work").mkdir()
    (tmp_path / "site").mkdir()
    reader = Reader(tmp_path / "work", tmp_path / "site")
    steps = blocks()
    commands = 0
    for index, (kind, text) in enumerate(steps):
        if kind == "sh":
            reader.output, reader.codes = "", []
            for line in text.splitlines():
                reader.run(line)
                commands += 1
            shown = steps[index + 1][1] if steps[index + 1 : index + 2] and steps[index + 1][0] == "text" else ""
            failing = re.search(r"[1-9][0-9]* 个问题| HR[0-9]{3} ", shown) is not None
            assert reader.codes in ([], *([0] * n + [int(failing)] for n in range(4))), f"{text}\n{reader.output}"
        elif kind == "text":
            assert steps[index - 1][0] == "sh"
            assert_shown(text, reader.output)
        elif kind == "yaml":
            reader.write(text)
        else:
            assert kind == "diff"
            reader.change(text)
    assert commands > 15


def test_the_page_is_about_every_command_of_authors() -> None:
    """What the way from nothing to an installed pack takes is on the page."""
    typed = "\n".join(text for kind, text in blocks() if kind == "sh")
    for command in ("new-pack", "facts", "rules", "show", "check", "test", "explain", "packs", "classify"):
        assert f"hazardrules {command} " in f"{typed} ".replace("\n", " ")
    for command in (LIBRARY, "pip install .", "pytest"):
        assert command in typed.splitlines()


def test_links_lead_somewhere() -> None:
    """The page's links lead to pages that are there, and to sections that they have."""
    for target, section in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", PAGE.read_text(encoding="utf-8")):
        text = (PAGE.parent / target).read_text(encoding="utf-8")
        assert not section or re.search(rf"^#+ {re.escape(section)}$", text, flags=re.MULTILINE), section
