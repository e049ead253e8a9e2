"""Whether a value fits its fact, and its one normal form. What doesn't fit is refused with a reason, never guessed."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from hazardrules.lang.nodes import Number, Value, tidy_number
from hazardrules.lang.text import number_text
from hazardrules.nearest import fold
from hazardrules.pack.content import FactDef

__all__ = ["MAX_TEXT", "Plain", "ValueRefusedError", "clip", "normalise", "parse_day", "plain", "storable"]

Plain: TypeAlias = "bool | int | float | str | tuple[str, ...]"
"""A value as JSON can hold it: numbers with at most 15 digits, dates as text, sets as sorted lists."""

MAX_NUMBER: Final = 10**12
MAX_DIGITS: Final = 15
MAX_TEXT: Final = 10_000
MAX_MEMBERS: Final = 1_000


class ValueRefusedError(ValueError):
    """The value does not fit; ``problem`` and ``hint`` are Chinese."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.problem, self.hint = problem, hint
        super().__init__(problem)


def storable(text: str) -> bool:
    """Whether a text can be kept in a record: not too long, and no half characters (lone surrogates)."""
    return len(text) <= MAX_TEXT and not any("\ud800" <= character <= "\udfff" for character in text)


def clip(value: object, limit: int = 60) -> str:
    """``repr`` of anything, short enough for a message, whatever its ``__repr__`` does."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  # the caller's object may do anything
        text = f"<{type(value).__name__}>"
    return text if len(text) <= limit else text[: limit - 1] + "…"


def normalise(fact: FactDef, raw: object) -> Value:
    """The value of ``fact`` that ``raw`` states.

    Booleans are bool or 是/否; integers and numbers are int, float or Decimal (a float counts with the 15 digits that
    it can be trusted with, so that 0.1 + 0.2 is 0.3); enum and set values are keys or Chinese labels; dates are
    ``date`` or YYYY-MM-DD.

    :raises ValueRefusedError: where it doesn't fit.
    """
    return _CHECKS[fact.type](fact, raw)


def plain(value: Value) -> Plain:
    """A normalised value as JSON can hold it; ``normalise`` gives the same value back."""
    if isinstance(value, frozenset):
        return tuple(sorted(value))
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _like_a_day(text: str) -> bool:
    """Whether it is written YYYY-MM-DD."""
    digits = text[:4] + text[5:7] + text[8:]
    return len(text) == 10 and text[4] == text[7] == "-" and digits.isascii() and digits.isdigit()


def parse_day(raw: object) -> date:
    """A calendar day from ``date`` or YYYY-MM-DD.

    :raises ValueRefusedError: for anything else, points in time included.
    """
    if isinstance(raw, datetime):
        raise ValueRefusedError(f"要的是日期,不是时刻:{clip(raw)}", "先换算为北京时间的日期,如 2026-11-20")
    if isinstance(raw, date):
        return raw
    if isinstance(raw, str) and _like_a_day(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            raise ValueRefusedError(f"没有这一天:{raw}") from None
    raise ValueRefusedError(f"日期写作 YYYY-MM-DD,这里是 {clip(raw)}", "如 2026-11-20")


def _wrong(fact: FactDef, raw: object, hint: str = "") -> ValueRefusedError:
    return ValueRefusedError(f"值 {clip(raw)} 的类型不对,应为{fact.allowed()}", hint)


def _boolean(fact: FactDef, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in ("是", "否"):
        return raw == "是"
    raise _wrong(fact, raw, "用 true 或 false(不加引号)")


def _integer(fact: FactDef, raw: object) -> Number:
    value = _exact(fact, raw)
    if not isinstance(value, int):
        raise ValueRefusedError(f"值 {number_text(value)} 不是整数,应为{fact.allowed()}")
    return _in_range(fact, value)


def _number(fact: FactDef, raw: object) -> Number:
    return _in_range(fact, _exact(fact, raw))


def _exact(fact: FactDef, raw: object) -> Number:
    if isinstance(raw, bool | str | bytes | None):
        hint = "数不加引号" if isinstance(raw, str) and re.fullmatch(r"-?[0-9.]+", raw) else ""
        raise _wrong(fact, raw, hint)
    if isinstance(raw, Decimal):
        value = raw
    elif isinstance(raw, float):
        if not math.isfinite(raw):
            raise ValueRefusedError(f"值 {raw} 不是有限的数,应为{fact.allowed()}", "不知道就不要填")
        text = f"{raw:.{MAX_DIGITS}g}"
        if len(text) <= MAX_DIGITS and "e" not in text and -MAX_NUMBER <= raw <= MAX_NUMBER:
            return Decimal(text) if "." in text else int(text)  # as short as most are, it is in its one form
        value = Decimal(text)
    else:
        try:
            whole = operator.index(raw)  # type: ignore[arg-type]  # whatever has no index is refused below
        except Exception:  # noqa: BLE001  # the caller's object may do anything
            raise _wrong(fact, raw) from None
        if abs(whole) > MAX_NUMBER:
            raise ValueRefusedError(f"数太大,绝对值上限 {MAX_NUMBER}")
        return whole
    if not value.is_finite():
        raise ValueRefusedError(f"值 {value} 不是有限的数,应为{fact.allowed()}", "不知道就不要填")
    if value.copy_abs() > MAX_NUMBER:
        raise ValueRefusedError(f"数太大,绝对值上限 {MAX_NUMBER}")
    _, digits, exponent = value.as_tuple()
    tail = len(digits) - len("".join(map(str, digits)).rstrip("0"))  # zeros at the end say nothing
    if value != 0 and (len(digits) - tail > MAX_DIGITS or int(exponent) + tail < -MAX_DIGITS):
        raise ValueRefusedError(f"数最多 {MAX_DIGITS} 位有效数字和 {MAX_DIGITS} 位小数", "先按计量精度修约")
    return tidy_number(value)


def _in_range(fact: FactDef, value: Number) -> Number:
    if (fact.min is not None and value < fact.min) or (fact.max is not None and value > fact.max):
        raise ValueRefusedError(f"值 {number_text(value)} 超出范围,应为{fact.allowed()}", "看单位是否写对")
    return value


def _key(fact: FactDef, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(fact, raw)
    if raw in fact.options:
        return raw
    folded = fold(raw[:MAX_TEXT])
    for key, label in fact.options.items():
        if fold(label) == folded:
            return key
    names = [*fact.options, *fact.options.values()]
    from difflib import get_close_matches  # noqa: PLC0415  # only where something is wrong

    near = get_close_matches(raw[:100], names, 2, 0.4)
    raise ValueRefusedError(
        f"没有取值 {clip(raw)},应为{fact.allowed()}", f"最接近的是 {'、'.join(near)}" if near else ""
    )


def _enum(fact: FactDef, raw: object) -> str:
    return _key(fact, raw)


def _set(fact: FactDef, raw: object) -> frozenset[str]:
    if not isinstance(raw, list | tuple) and (  # asked first, since most are and the other question costs more
        isinstance(raw, str | bytes | bytearray) or not isinstance(raw, Sequence | AbstractSet)
    ):
        raise _wrong(fact, raw, "多选写成列表,如 [a, b];没有就写空列表 []" if isinstance(raw, str) else "")
    if len(raw) > MAX_MEMBERS:
        raise ValueRefusedError(f"列表有 {len(raw)} 项,上限 {MAX_MEMBERS}")
    return frozenset([_key(fact, member) for member in raw])


def _date(_: FactDef, raw: object) -> date:
    return parse_day(raw)


def _text(fact: FactDef, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(fact, raw)
    if not storable(raw):
        raise ValueRefusedError(f"文字不能超过 {MAX_TEXT} 个字符,也不能有不成对的代理字符:{clip(raw)}")
    return raw


_CHECKS: Final[Mapping[str, Callable[[FactDef, object], Value]]] = {
    "boolean": _boolean,
    "integer": _integer,
    "number": _number,
    "enum": _enum,
    "set": _set,
    "date": _date,
    "text": _text,
}
