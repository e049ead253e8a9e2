"""The scaffold of a new pack: what is written, that it is sound as it comes, and what is refused."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import pytest

from hazardrules import HazardRulesError, Level, RuleBook, UnknownRegionError, classify
from hazardrules.judge import loaded_book
from hazardrules.pack.check import check_pack, open_pack, test_pack
from hazardrules.pack.discovery import ENTRY_POINTS, discover, rules_folder
from hazardrules.pack.loader import load_pack
from hazardrules.pack.reader import read_yaml
from hazardrules.pack.scaffold import write_scaffold
from hazardrules.pack.schema import FILES
from hazardrules.regions import PROVINCES

SCHEMA_LINE: Final = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")
UNSAFE: Final = {"sample_guard": "absent", "sample_reviewed": False}


@pytest.fixture(scope="module", autouse=True)
def _parent_read_once() -> Iterator[None]:
    """Read the national pack, the parent of all these, once."""
    once = lru_cache(load_pack)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("hazardrules.pack.scaffold.load_pack", once)
        patch.setattr("hazardrules.pack.check.load_pack", once)
        yield


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """The scaffold of a province."""
    write_scaffold(tmp_path / "new", "云南", "530000")
    return tmp_path / "new"


@pytest.fixture
def prefecture(tmp_path: Path) -> Path:
    """The scaffold of a prefecture."""
    write_scaffold(tmp_path / "new", "昆明市", "530100", "gui-yang")
    return tmp_path / "new"


def rules(folder: Path) -> Path:
    """The pack inside a scaffold."""
    [head] = folder.glob("*/rules/pack.yaml")
    return head.parent


def data(path: Path) -> Any:
    """What a YAML file of a pack holds."""
    file = read_yaml(path, path.name)
    assert file.problems == []
    return file.data


def project(folder: Path) -> dict[str, Any]:
    """The project's table of a scaffold."""
    found: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    return found


def test_files_of_a_province(tmp_path: Path) -> None:
    """Every file of an installable pack is written, told, and named after the province's pinyin."""
    folder = tmp_path / "deep" / "new"
    written = write_scaffold(folder, " 云南 ", "530000")
    assert {path.relative_to(folder).as_posix() for path in written} == {
        "pyproject.toml",
        "README.md",
        "hazardrules_pack_yunnan/__init__.py",
        "hazardrules_pack_yunnan/rules/pack.yaml",
        "hazardrules_pack_yunnan/rules/deadlines.yaml",
        "hazardrules_pack_yunnan/rules/facts/yunnan.yaml",
        "hazardrules_pack_yunnan/rules/documents/yunnan-sample.yaml",
        *(f"schemas/{kind}.json" for kind in FILES),
    }
    assert {path for path in folder.rglob("*") if path.is_file()} == set(written)
    assert len(set(written)) == len(written)


def test_head_of_a_province(province: Path) -> None:
    """The head names the province and what the pack builds on; its version is of this month."""
    head = data(rules(province) / "pack.yaml")
    assert head["title"].startswith("云南")
    assert {key: head[key] for key in ("format", "id", "region", "requires")} == {
        "format": 1,
        "id": "yunnan",
        "region": "530000",
        "requires": {"hazardrules": ">=0.1", "packs": {"national": ">=2026.11"}},
    }
    written = data(rules(province) / "documents" / "yunnan-sample.yaml")["document"]["issued"]
    day = date.fromisoformat(written)
    assert abs((day - date.today()).days) <= 1  # noqa: DTZ011  # the day on the author's calendar
    assert head["version"] == f"{day.year}.{day.month}.0"
    assert "names" not in head


def test_head_of_a_prefecture(prefecture: Path) -> None:
    """A prefecture's pack has the id that was given and teaches the library the prefecture's name."""
    head = data(rules(prefecture) / "pack.yaml")
    assert (head["id"], head["region"], head["names"]) == ("gui-yang", "530100", {"530100": "昆明市"})
    assert data(rules(prefecture) / "facts" / "gui_yang.yaml")["domain"] == "gui_yang"
    document = data(rules(prefecture) / "documents" / "gui-yang-sample.yaml")
    assert document["document"]["id"] == "gui-yang-sample"
    assert [rule["id"] for rule in document["rules"]] == ["gui-yang-sample.1"]


def test_an_empty_folder_and_another_id(tmp_path: Path) -> None:
    """A folder that is there and empty is used; a province's pack may have another id."""
    write_scaffold(tmp_path, "云南省", "530000", "yn2")
    assert data(rules(tmp_path) / "pack.yaml")["id"] == "yn2"


@pytest.mark.parametrize("kind", ["province", "prefecture"])
def test_the_scaffold_passes_check_and_test(kind: str, request: pytest.FixtureRequest) -> None:
    """As it comes a new pack has no problem, and holds a rule with a hit, a miss and an open example."""
    opened = open_pack(rules(request.getfixturevalue(kind)))
    assert [*check_pack(opened), *test_pack(opened)] == []
    assert {example.kind for _, example in opened.examples()} == {"hit", "miss", "open"}


@pytest.mark.parametrize("province", PROVINCES, ids=lambda one: one.pinyin)
def test_every_province_can_have_a_pack(tmp_path: Path, province: Any) -> None:
    """For each province, by short or by full name, the scaffold is written under its pinyin, or one beside it.

    Where the library brings a pack of the province itself, a new one gets a name of its own, and theirs is refused.
    """
    shipped = (rules_folder() / province.pinyin / "pack.yaml").is_file()
    write_scaffold(tmp_path / "short", province.short, province.code)
    write_scaffold(tmp_path / "full", province.name, province.code)
    for name in ("short", "full"):
        assert data(rules(tmp_path / name) / "pack.yaml")["id"] == province.pinyin + ("-local" if shipped else "")
    if shipped:
        with pytest.raises(HazardRulesError, match=f"{province.pinyin}-local"):
            write_scaffold(tmp_path / "taken", province.name, province.code, province.pinyin)


def test_its_own_pytest_passes(province: Path) -> None:
    """In its folder plain ``pytest`` finds the pack's check, each example and the question what they decide."""
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider"]
    result = subprocess.run(command, cwd=province, capture_output=True, text=True, encoding="utf-8", check=False)  # noqa: S603  # this interpreter
    assert result.returncode == 0, result.stdout + result.stderr
    for name in ("::check PASSED", "::hit[0] PASSED", "::miss[2] PASSED", "::open[4] PASSED", "::decided PASSED"):
        assert name in result.stdout
    assert re.search(r"\b7 passed\b", result.stdout)  # check, two hits, two misses, one open, decided


@pytest.mark.parametrize("kind", ["province", "prefecture"])
def test_every_file_names_its_schema(kind: str, request: pytest.FixtureRequest) -> None:
    """The first line of each YAML file leads an editor to the schema of that kind of file, which is there."""
    folder = request.getfixturevalue(kind)
    for path in rules(folder).rglob("*.yaml"):
        match = SCHEMA_LINE.match(path.read_text(encoding="utf-8"))
        assert match, path
        schema = (path.parent / match.group(1)).resolve()
        place = path.relative_to(rules(folder)).parts
        expected = {"facts": "facts", "documents": "document"}.get(place[0], path.stem)
        assert schema == (folder / "schemas" / f"{expected}.json").resolve()
        assert json.loads(schema.read_text(encoding="utf-8")) == FILES[expected].model_json_schema()


def test_all_schemas_are_there(province: Path) -> None:
    """Each kind of file has its schema, those that the scaffold has no file of included."""
    assert {path.stem for path in (province / "schemas").iterdir()} == set(FILES)


def test_project_of_the_pack(prefecture: Path) -> None:
    """The project ships the package with the rules and registers its folder as an entry point."""
    stated = project(prefecture)
    [(name, value)] = stated["project"]["entry-points"][ENTRY_POINTS].items()
    package, _, inner = value.partition(":")
    assert name == "gui-yang"
    assert (prefecture / package / inner).resolve() == rules(prefecture).resolve()
    assert stated["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == [package]
    assert stated["project"]["name"] == "hazardrules-pack-gui-yang"
    assert stated["project"]["dependencies"] == ["hazardrules>=0.1"]
    assert stated["project"]["version"] == data(rules(prefecture) / "pack.yaml")["version"]
    assert (prefecture / stated["project"]["readme"]).is_file()


def test_an_installed_scaffold_judges(province: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where its package is installed the pack is found, and its rule decides in its region only."""
    stated = project(province)["project"]
    info = province / "hazardrules_pack_yunnan-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {stated['name']}\nVersion: 1.0\n", encoding="utf-8")
    [(name, value)] = stated["entry-points"][ENTRY_POINTS].items()
    (info / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{name} = {value}\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(province))
    importlib.invalidate_caches()
    loaded_book.cache_clear()
    try:
        [found] = [one for one in discover() if one.head is not None and one.head.id == "yunnan"]
        assert found.origin == "安装包 hazardrules-pack-yunnan"
        facts = {f"yunnan.{fact}": value for fact, value in UNSAFE.items()}
        judgment = classify(facts, region="云南", industry="工贸")
        assert [pack.id for pack in RuleBook.load("青海").packs] == ["national"]
    finally:
        loaded_book.cache_clear()
    assert judgment.level is Level.MAJOR
    assert [finding.rule for finding in judgment.findings] == ["yunnan-sample.1"]


def test_the_sample_is_marked_as_one(province: Path) -> None:
    """Nobody can take the sample document for law: its title, its note and its citations say that it is none."""
    sample = data(rules(province) / "documents" / "yunnan-sample.yaml")
    assert "不是法律文件" in sample["document"]["title"]
    assert "不能作为判定依据" in sample["document"]["note"]
    assert all("示例" in rule["ref"] for rule in sample["rules"])


def test_deadlines_start_empty(province: Path) -> None:
    """No deadline and no duty is made up for the author."""
    deadlines = data(rules(province) / "deadlines.yaml")
    assert (deadlines["deadlines"], deadlines["duties"]) == ([], [])


@pytest.mark.parametrize(
    ("name", "code", "id_", "error", "words"),
    [
        ("山东", "530000", None, UnknownRegionError, ["530000", "云南省", "山东"]),
        ("昆明", "530000", None, UnknownRegionError, ["昆明"]),
        ("云南", "990000", None, UnknownRegionError, ["990000"]),
        ("云南", "5300", None, UnknownRegionError, ["5300", "六位"]),
        ("云南", "云南", None, UnknownRegionError, ["六位"]),
        ("云南", "", None, UnknownRegionError, ["六位"]),
        ("全国", "CN", None, UnknownRegionError, ["CN", "六位"]),
        ("昆明市", "530100", None, HazardRulesError, ["昆明市", "--id"]),
        ("昆明市", "530100", "", HazardRulesError, ["小写字母"]),
        ("昆明市", "530100", "Guiyang", HazardRulesError, ["Guiyang", "小写字母"]),
        ("昆明市", "530100", "gui_yang", HazardRulesError, ["gui_yang"]),
        ("昆明市", "530100", "-kunming", HazardRulesError, ["-kunming"]),
        ("昆明市", "530100", "../kunming", HazardRulesError, ["../kunming"]),
        ("昆明市", "530100", "昆明", HazardRulesError, ["昆明"]),
        ("昆明市", "530100", "kunming\n", HazardRulesError, ["kunming"]),
        ("昆明市", "530100", "national", HazardRulesError, ["national"]),
        ("云南", "530000", "National", HazardRulesError, ["National"]),
        ("昆明: '市'", "530100", "kunming", HazardRulesError, ["名称"]),
        ("昆明\n市", "530100", "kunming", HazardRulesError, ["名称"]),
        ("${id}", "530100", "kunming", HazardRulesError, ["名称"]),
        (" ", "530100", "kunming", HazardRulesError, ["名称"]),
    ],
)
def test_what_does_not_fit_is_refused(
    tmp_path: Path, name: str, code: str, id_: str | None, error: type[HazardRulesError], words: list[str]
) -> None:
    """A name that is not the code's, a code that is none, an id that is none: told, and nothing is written."""
    with pytest.raises(error) as caught:
        write_scaffold(tmp_path / "new", name, code, id_)
    assert all(word in str(caught.value) for word in words)
    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_left_alone(tmp_path: Path) -> None:
    """A folder with anything in it, hidden files included, and a file in its place, are refused and not touched."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / ".hidden").write_text("mine", encoding="utf-8")
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    for name in ("full", "file"):
        with pytest.raises(HazardRulesError, match=name):
            write_scaffold(tmp_path / name, "云南", "530000")
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".hidden", "file", "full"]
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_a_scaffold_is_not_written_twice(province: Path) -> None:
    """Running it again over a pack that was filled leaves the pack as it is."""
    before = {path: path.read_bytes() for path in province.rglob("*") if path.is_file()}
    with pytest.raises(HazardRulesError, match="空的文件夹"):
        write_scaffold(province, "云南", "530000")
    assert {path: path.read_bytes() for path in province.rglob("*") if path.is_file()} == before
