"""How far a run has come, kept beside the output so that it can go on where it was interrupted."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from hazardrules.files.faults import FileError, all_of, file_error

__all__ = ["Checkpoint", "Identity", "identity_of"]

VERSION: Final = 1
HEAD: Final = 1 << 20

Identity = dict[str, Any]
"""What must be the same when a run goes on, by the Chinese words for it."""


def identity_of(path: Path) -> Identity:
    """What tells an input file from another: size, time of change, and the hash of its head."""
    state = path.stat()
    with path.open("rb") as file:
        head = hashlib.sha256(file.read(HEAD)).hexdigest()
    return {"输入文件的大小": state.st_size, "输入文件的修改时间": state.st_mtime_ns, "输入文件的开头": head}


class Checkpoint:
    """The record of a run; ``state`` is empty before the first is written."""

    def __init__(self, path: Path, identity: Identity) -> None:
        self.path, self.identity = path, identity
        self.state: dict[str, Any] = {}

    def read(self) -> None:
        """What an earlier run has recorded.

        :raises FileError: where it belongs to another input, other options or another rule book, with all differences.
        """
        try:
            found = json.loads(self.path.read_bytes())
            version, identity, state = found["version"], dict(found["identity"]), dict(found["state"])
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError):
            raise self._stale("进度文件读不出来") from None
        if version != VERSION:
            raise self._stale(f"进度文件的格式是第 {version} 版,本库用第 {VERSION} 版")
        self.check(identity, self.identity)
        self.state = state

    def check(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        """Refuse to go on where something differs from what was recorded.

        :raises FileError: with all differences.
        """
        names = [name for name in {**before, **now} if before.get(name) != now.get(name)]
        if names:
            said = [f"{name}变了:原来是 {_short(before.get(name))},现在是 {_short(now.get(name))}" for name in names]
            raise all_of([self._stale(text).problem for text in said])

    def _stale(self, problem: str) -> FileError:
        hint = "按原样再运行可以接着做;要从头做用 --restart"
        return file_error(str(self.path), "", f"不能接着做,{problem}", hint)

    def write(self, state: dict[str, Any]) -> None:
        """Record how far the run has come; the file is replaced as a whole."""
        self.state = state
        new = self.path.with_name(self.path.name + ".new")
        data = {"version": VERSION, "identity": self.identity, "state": state}
        with new.open("w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)

    def remove(self) -> None:
        """The run is done."""
        self.path.unlink(missing_ok=True)


def _short(value: Any) -> str:
    text = "没有" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"
