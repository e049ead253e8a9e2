"""What checklists, cards and notices have in common: one page, written as Markdown, HTML or Word."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from hazardrules.model import Frozen
from hazardrules.outputs.page import Page
from hazardrules.outputs.render import to_html, to_markdown
from hazardrules.outputs.word import to_word

__all__ = ["Paper"]


class Paper(Frozen):
    """A paper to carry away; ``page()`` says what stands on it, however it is written."""

    @abstractmethod
    def page(self) -> Page:
        """The paper as blocks, whatever it is written as."""

    def to_markdown(self) -> str:
        """The paper as Markdown."""
        return to_markdown(self.page())

    def to_html(self) -> str:
        """The paper as one HTML file, to be read or printed on A4.

        :raises HazardRulesError: where jinja2 is not installed.
        """
        return to_html(self.page())

    def to_word(self, path: str | Path) -> None:
        """Write the paper as a Word file.

        :raises HazardRulesError: where python-docx is not installed.
        """
        to_word(self.page(), path)
