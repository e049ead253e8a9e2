"""Frozen records that cost little to define: what ``dataclass(frozen=True)`` gives, without generating code for each.

The library defines some thirty kinds of nodes and pack contents, and a script that judges one observation defines
them all before it starts; generated methods took a quarter of that time.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, ClassVar, NoReturn, TypeVar, dataclass_transform

__all__ = ["Record", "changed"]


@dataclass_transform(frozen_default=True)
class Record:
    """Base of frozen records: fields are the annotations, in order, parents' first; defaults must be immutable.

    Records compare by class and fields, hash by them, and match by position. Values are given by position or name.
    """

    __match_args__: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}
    _fields: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        own = [name for name in cls.__annotations__ if name not in cls.__match_args__]
        cls.__match_args__ = (*cls.__match_args__, *own)  # type: ignore[misc]  # each class has its own
        cls._fields = frozenset(cls.__match_args__)
        cls._defaults = {name: getattr(cls, name) for name in cls.__match_args__ if hasattr(cls, name)}

    def __init__(self, *values: Any, **named: Any) -> None:
        fields, mine = self.__match_args__, self.__dict__
        if len(values) == len(fields) and not named:
            mine.update(zip(fields, values, strict=True))
            return
        if not values:
            mine.update(self._defaults, **named)
            if len(mine) == len(fields) and named.keys() <= self._fields:
                return
            mine.clear()
        given = dict(zip(fields, values, strict=False))
        wrong = [name for name in named if name in given or name not in fields]
        lacking = [name for name in fields if name not in given and name not in named and name not in self._defaults]
        if wrong or lacking or len(values) > len(fields):
            raise TypeError(f"{type(self).__name__}: wrong {wrong}, missing {lacking}, {len(values)} values")
        mine.update(self._defaults)
        mine.update(given)
        mine.update(named)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self.__match_args__)))

    def __getstate__(self) -> dict[str, Any]:
        """What is kept of it in a pickle: its fields, and nothing that was worked out from them."""
        mine = self.__dict__
        fields = {name: mine[name] for name in self.__match_args__}
        return {name: dict(one) if type(one) is MappingProxyType else one for name, one in fields.items()}

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({inside})"


R = TypeVar("R", bound=Record)


def changed(record: R, **changes: Any) -> R:
    """The record with some fields changed.

    :raises TypeError: for a field that it doesn't have.
    """
    unknown = changes.keys() - set(record.__match_args__)
    if unknown:
        raise TypeError(f"{type(record).__name__} has no {sorted(unknown)}")
    made = object.__new__(type(record))
    made.__dict__.update(record.__dict__, **changes)
    return made
