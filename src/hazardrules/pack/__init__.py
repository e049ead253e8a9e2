"""The pack format: reading, checking and testing a folder of rules."""

from typing import Final

__all__ = ["MAX_BYTES"]

MAX_BYTES: Final = 4 * 1024 * 1024
"""The size of one file of a pack."""
