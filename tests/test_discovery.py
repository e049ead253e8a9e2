"""Finding packs: shipped, installed, named by the environment; a broken one leaves the others working."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from hazardrules import HazardRulesError, Level, PackErrors, RuleBook, UnknownRegionError, classify
from hazardrules.judge import loaded_book
from hazardrules.pack import discovery
from hazardrules.pack.check import check_pack, open_pack
from hazardrules.pack.discovery import ENVIRONMENT, arrange, discover, named
from packs import write_pack


@pytest.fixture(autouse=True)
def _fresh() -> Any:
    """No rule book is kept from one test to the next."""
    loaded_book.cache_clear()
    yield
    loaded_book.cache_clear()


def local(folder: Path, **parts: Any) -> Path:
    """A pack for 青岛 whose facts clash with nobody's."""
    given: dict[str, Any] = {"region": "370200", "names": {"370200": "青岛市"}} | parts
    return write_pack(folder, **given)


def test_shipped_packs_are_found() -> None:
    """The national pack comes first, then those of the provinces."""
    ids = [found.head.id for found in discover() if found.head is not None]
    assert ids[0] == "national"
    assert "shandong" in ids
    assert not [found for found in discover() if found.problems]


def test_the_environment_names_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders in the variable are found, and used for their region and what lies in it."""
    monkeypatch.setenv(ENVIRONMENT, f"{local(tmp_path / 'qd')}")
    facts = {"demo.height": 3, "demo.guard": "absent"}
    for region in ("青岛", "青岛市", "370200", "370203"):
        assert classify(facts, region=region, observed_on="2026-11-20").level is Level.MAJOR
    assert [pack.id for pack in RuleBook.load("青岛").packs] == ["national", "shandong", "demo"]
    assert [pack.id for pack in RuleBook.load("山东").packs] == ["national", "shandong"]
    assert [pack.id for pack in RuleBook.load().packs] == ["national"]


def test_names_of_prefectures_come_from_packs() -> None:
    """青岛 is known through the pack of 山东; a name that no pack gives is refused."""
    assert RuleBook.load("青岛").region == "370200"
    assert RuleBook.load("shandong").region == "370000"
    assert classify({}, region="青岛").observation.region == "370200"
    with pytest.raises(UnknownRegionError, match="青岛"):
        RuleBook.load("青島")


def test_a_broken_pack_is_told_and_leaves_the_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A found pack that is broken stands in ``problems``; by name it raises."""
    folder = local(tmp_path / "qd", facts={"height": {"type": "number"}})
    monkeypatch.setenv(ENVIRONMENT, str(folder))
    book = RuleBook.load("青岛")
    assert [pack.id for pack in book.packs] == ["national", "shandong"]
    assert "HR201" in {problem.code for problem in book.problems}
    with pytest.raises(PackErrors, match="HR201"):
        RuleBook.load("青岛", packs=["national", "demo"])


def test_a_folder_that_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in the variable that isn't there is a problem, not a silence."""
    monkeypatch.setenv(ENVIRONMENT, str(tmp_path / "nowhere"))
    assert [problem.code for problem in RuleBook.load().problems] == ["HR106"]


def test_packs_by_id(tmp_path: Path) -> None:
    """Packs can be asked for by the id under which they are found; an unknown id names the nearest."""
    assert [pack.id for pack in RuleBook.load(packs=["national", "shandong"]).packs] == ["national", "shandong"]
    with pytest.raises(PackErrors, match="shandong"):
        RuleBook.load(packs=["national", "shangdong"])


def test_order_follows_requirements() -> None:
    """Packs are loaded in the order in which they need each other, whatever order they are named in."""
    assert [pack.id for pack in RuleBook.load(packs=["shandong", "national"]).packs] == ["national", "shandong"]


def test_circles_are_refused(tmp_path: Path) -> None:
    """Packs that require each other are refused, with the circle."""
    one = write_pack(tmp_path / "one", id="one", requires={"packs": {"two": ">=2026.1"}})
    two = write_pack(tmp_path / "two", id="two", requires={"packs": {"one": ">=2026.1"}})
    ordered, problems = arrange(named([one, two]))
    assert ordered == []
    assert {problem.code for problem in problems} == {"HR408"}
    assert "one → two → one" in str(problems[0])
    with pytest.raises(PackErrors, match="HR408"):
        RuleBook.load(packs=[one, two])


def _install(site: Path, folder: Path, value: str) -> None:
    """What an installed distribution with an entry point looks like; its package must never be imported."""
    package = site / "demo_rules_package"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n", encoding="utf-8")
    folder.rename(package / "data")
    info = site / "demo_rules-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: demo-rules\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[hazardrules.packs]\ndemo = {value}\n", encoding="utf-8")


@pytest.mark.parametrize("value", ["demo_rules_package:data", "demo_rules_package.data"])
def test_installed_packs_are_found_without_importing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """An entry point names package and folder; the package is located and not imported."""
    _install(tmp_path / "site", local(tmp_path / "qd"), value)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    book = RuleBook.load("青岛")
    assert [pack.id for pack in book.packs] == ["national", "shandong", "demo"]
    assert "demo_rules_package" not in sys.modules
    assert [found.origin for found in discover() if found.head is not None and found.head.id == "demo"] == [
        "安装包 demo-rules"
    ]


def test_an_entry_point_to_nothing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry point whose package isn't there, or whose folder isn't, is a problem with its name."""
    _install(tmp_path / "site", local(tmp_path / "qd"), "demo_rules_missing:data")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    problems = RuleBook.load().problems
    assert [problem.code for problem in problems] == ["HR106"]
    assert "demo_rules_missing" in str(problems[0])


def test_an_entry_point_out_of_its_package_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of an entry point lies inside its package."""
    _install(tmp_path / "site", local(tmp_path / "qd"), "demo_rules_package:../demo_rules_package/../..")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert ["之外" in problem.problem for problem in RuleBook.load().problems] == [True]


def test_a_linked_pack_file_is_refused(tmp_path: Path) -> None:
    """No file of a pack, its head included, leads out of its folder."""
    folder = local(tmp_path / "qd")
    (folder / "pack.yaml").rename(tmp_path / "elsewhere.yaml")
    (folder / "pack.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert [problem.code for found in named([folder]) for problem in found.problems] == ["HR106"]


def test_check_builds_on_required_packs(tmp_path: Path) -> None:
    """A pack that requires a provincial one is checked over it; without it that is told."""
    folder = local(tmp_path / "qd", requires={"packs": {"national": ">=2026.11", "shandong": ">=2026.11"}})
    assert check_pack(open_pack(folder)) == []
    lost = local(tmp_path / "lost", requires={"packs": {"nowhere": ">=2026.11"}})
    assert [problem.code for problem in check_pack(open_pack(lost))] == ["HR407"]


def test_without_the_national_pack_nothing_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation without the national pack says so."""
    monkeypatch.setattr(discovery, "__file__", str(tmp_path / "a" / "b" / "c.py"))
    with pytest.raises(HazardRulesError, match="安装不完整"):
        discover()


def test_shandong_adds_duties_and_no_days() -> None:
    """山东 adds what its 条例 fixes from 2022-03-01, and no deadline."""
    facts = {"dust.storeys": 3, "dust.structure": "brick"}
    plain = classify(facts, industry="机械", observed_on="2026-11-20").findings[0]
    local_ = classify(facts, industry="机械", region="济南", observed_on="2026-11-20").findings[0]
    assert local_.deadline == plain.deadline
    extra = [duty for duty in local_.duties if duty not in plain.duties]
    assert {duty.kind for duty in extra} == {
        "report",
        "plan",
        "evacuate",
        "notify_staff",
        "stop_work",
        "publicise",
        "supervise",
    }
    assert all("《山东省安全生产条例》" in duty.citation for duty in extra)
    before = classify(facts, industry="机械", region="济南", observed_on="2022-02-28").findings[0]
    assert not [duty for duty in before.duties if "山东" in duty.citation]
