"""A new process from its start to its first judgment, from an installed wheel, beside the import of pydantic alone."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

from benchmarks.timing import Timed, starts

__all__ = ["cold"]

ROOT = Path(__file__).parents[1]
FACTS = "{'dust.storeys': 3, 'dust.structure': 'brick'}"
PROGRAMS = {
    "python": "pass",
    "pydantic": "from pydantic import BaseModel",
    "first": f"from hazardrules import classify; classify({FACTS}, industry='machinery', observed_on='2026-11-20')",
    "anywhere": f"from hazardrules import classify; classify({FACTS}, observed_on='2026-11-20')",
}
"""A bare interpreter; pydantic; the first judgment, with an industry and without."""


def cold(folder: Path, rounds: int) -> dict[str, Timed]:
    """CPU seconds of each program, in a new environment in ``folder`` that holds the wheel and what it needs.

    :raises subprocess.CalledProcessError: where the wheel can't be built or installed.
    """
    wheels = folder / "wheels"
    _run(sys.executable, "-m", "build", "--wheel", "--outdir", str(wheels), str(ROOT))
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    _run(str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *map(str, wheels.glob("*.whl")))
    return starts({name: [str(python), "-c", program] for name, program in PROGRAMS.items()}, rounds)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # our own commands
