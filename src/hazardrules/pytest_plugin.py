"""A pytest plugin: the examples of a pack as test items, so that a pack author's own CI runs them.

Any collected folder with a ``pack.yaml`` gives an item for ``check``, one for each example, and one a rule for the
question whether every part of its condition decides an example. Nothing but pytest is imported until a pack is met.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from hazardrules.errors import PackError

__all__ = ["PackFile", "PackItem", "pytest_collect_file"]


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Take every ``pack.yaml`` that has documents or facts beside it."""
    beside = [file_path.parent / name for name in ("documents", "facts")]
    if file_path.name == "pack.yaml" and any(folder.is_dir() for folder in beside):
        return PackFile.from_parent(parent, path=file_path)
    return None


class PackFile(pytest.File):
    """One pack."""

    def collect(self) -> Iterable[pytest.Item]:
        """An item for ``check``, and if the pack can be read, its examples."""
        from hazardrules.pack.check import check_pack, open_pack  # noqa: PLC0415  # see the module's docstring
        from hazardrules.pack.examples import check_example, undecided  # noqa: PLC0415

        opened = open_pack(self.path.parent)
        yield PackItem.make(self, "check", partial(check_pack, opened))
        if opened.problems or opened.pack is None:
            return
        vocabulary = opened.vocabulary
        for document in opened.pack.documents:
            for rule in (*document.elements, *document.rules):
                for index, example in enumerate(rule.examples):
                    name = f"{rule.id}::{example.kind}[{index}]"
                    yield PackItem.make(self, name, partial(check_example, rule, example, vocabulary))
                yield PackItem.make(self, f"{rule.id}::decided", partial(undecided, rule, vocabulary))


class PackItem(pytest.Item):
    """One thing to hold true of a pack: ``problems()`` gives what speaks against it."""

    problems: Callable[[], Iterable[PackError]]

    @classmethod
    def make(cls, parent: PackFile, name: str, problems: Callable[[], Iterable[PackError]]) -> PackItem:
        """An item that passes where ``problems()`` is empty."""
        item: PackItem = cls.from_parent(parent, name=name)
        item.problems = problems
        return item

    def runtest(self) -> None:
        """Fail with every problem found."""
        found = list(self.problems())
        if found:
            pytest.fail("\n".join(map(str, found)), pytrace=False)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands, for reports."""
        return self.path, None, self.name
