"""Several ways of doing a thing timed by turns, so that a noisy machine is equally noisy for all of them."""

from __future__ import annotations

import gc
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

__all__ = ["Ratio", "Timed", "by_turns", "in_turn", "starts"]

BATCH = 0.03
"""Seconds of one batch of calls; what takes longer than that is called once."""


class Timed(NamedTuple):
    """Seconds a call, one number a round."""

    rounds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The fastest round: what the work itself costs, with the least noise."""
        return min(self.rounds)

    @property
    def usual(self) -> float:
        """The median round."""
        return median(self.rounds)

    def over(self, other: Timed) -> Ratio:
        """How many times as long as ``other`` this takes."""
        pairs = zip(self.rounds, other.rounds, strict=True)
        return Ratio(median(mine / theirs for mine, theirs in pairs), self.best / other.best)


class Ratio(NamedTuple):
    """One thing over another: the median of the rounds, and of the fastest rounds."""

    usual: float
    best: float

    def __str__(self) -> str:
        digits = 0 if self.usual >= 100 else 1 if self.usual >= 10 else 2
        return f"{self.usual:,.{digits}f}({self.best:,.{digits}f})"


def by_turns(ways: Mapping[str, Callable[[], object]], rounds: int = 9) -> dict[str, Timed]:
    """CPU seconds a call of each way: ``rounds`` times all of them, one after the other."""
    calls: dict[str, int] = {}
    for name, way in ways.items():
        way()  # caches are filled, code is warm
        started = time.process_time()
        done = 0
        while time.process_time() - started < BATCH / 3:
            way()
            done += 1
        calls[name] = max(1, int(done * BATCH / (time.process_time() - started)))
    found: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    for _ in range(rounds):
        for name, way in ways.items():
            repeat = range(calls[name])
            started = time.process_time()
            for _ in repeat:
                way()
            found[name].append((time.process_time() - started) / calls[name])
    return {name: Timed(tuple(times)) for name, times in found.items()}


def in_turn(ways: Mapping[str, Sequence[Sequence[Callable[[], object]]]]) -> dict[str, Timed]:
    """CPU seconds a call, where each way has other calls in each round, and each is done once."""
    found: dict[str, list[float]] = {name: [] for name in ways}
    gc.collect()
    for number in range(min(map(len, ways.values()))):
        for name, rounds in ways.items():
            calls = rounds[number]
            started = time.process_time()
            for call in calls:
                call()
            found[name].append((time.process_time() - started) / len(calls))
    return {name: Timed(tuple(times)) for name, times in found.items()}


def starts(commands: Mapping[str, Sequence[str]], rounds: int = 15) -> dict[str, Timed]:
    """CPU seconds of each command as a new process, by turns; the first round, which fills disk caches, is left out.

    :raises subprocess.CalledProcessError: for a command that fails.
    """
    found: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds + 1):
        for name, command in commands.items():
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, check=True, capture_output=True, cwd="/")  # noqa: S603  # our own commands
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            found[name].append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return {name: Timed(tuple(times[1:])) for name, times in found.items()}
