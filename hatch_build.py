"""When a wheel is built, the packs that travel in it are made ready to be read fast."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompilePacks(BuildHookInterface):  # type: ignore[type-arg]
    """Adds ``compiled.jsonl`` to each pack in the wheel; a checkout and an editable install read the YAML."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every pack under ``rules/``; a pack with problems stops the build."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from hazardrules.pack.check import build_pack  # noqa: PLC0415  # the source that is being built

        self._folder = tempfile.TemporaryDirectory()
        for head in sorted(root.glob("rules/*/pack.yaml")):
            pack = head.parent
            into = Path(self._folder.name) / pack.name
            into.mkdir()
            made = build_pack(pack, into)
            build_data["force_include"][str(made)] = f"hazardrules/rules/{pack.name}/{made.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Let the temporary files go."""
        if version != "editable":
            self._folder.cleanup()
