"""The command ``hazardrules``; it needs the extra ``cli``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line, or say how to install it."""
    try:
        from hazardrules.cli import app  # noqa: PLC0415  # typer and rich are an extra
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("typer", "rich", "click", "shellingham"):
            raise
        sys.stderr.write("命令行需要附加组件,请运行:pip install 'hazardrules[cli]'\n")
        raise SystemExit(2) from None
    app()


if __name__ == "__main__":
    main()
