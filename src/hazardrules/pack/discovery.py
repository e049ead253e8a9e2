"""Where packs are found."""

from __future__ import annotations

from pathlib import Path

from hazardrules.errors import HazardRulesError

__all__ = ["national_folder", "rules_folder"]


def rules_folder() -> Path:
    """The folder of the packs that come with the library: inside the wheel, or ``rules/`` of a source checkout.

    :raises HazardRulesError: where neither is there.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "rules", package.parent.parent / "rules"):
        if (folder / "national" / "pack.yaml").is_file():
            return folder
    raise HazardRulesError("找不到随库的全国规则包 rules/national:安装不完整,请重新安装 hazardrules")


def national_folder() -> Path:
    """The folder of the national pack."""
    return rules_folder() / "national"
