"""What can be wrong with a file as a whole, and with a row of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hazardrules.errors import InputError, Problem
from hazardrules.pack.values import clip

__all__ = ["Fault", "FileError", "all_of", "file_error"]


class FileError(InputError, ValueError):
    """A file that can't be judged or written as a whole; ``problems`` holds everything that is wrong with it."""


def file_error(where: str, value: object, problem: str, hint: str = "") -> FileError:
    """The error with one problem."""
    return FileError(Problem(where, value if isinstance(value, str) else clip(value), problem, hint))


class Fault(NamedTuple):
    """What is wrong in a row: the column ("" for the whole row), the value as text, and why."""

    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        return f"{self.column}:{self.reason}" if self.column else self.reason


def all_of(problems: Sequence[Problem]) -> FileError:
    """One error with several problems."""
    return FileError(problems[0], [(FileError, problem) for problem in problems])
