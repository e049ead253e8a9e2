"""How large the parts of a pack may be."""

from __future__ import annotations

from typing import Final

__all__ = ["MAX_BYTES"]

MAX_BYTES: Final = 4 * 1024 * 1024
"""The size of one file."""
