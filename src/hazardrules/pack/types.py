"""The small types that the files of a pack are made of: identifiers, days, numbers, texts."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Strict, StringConstraints

from hazardrules.errors import UnknownRegionError
from hazardrules.regions import region_code

__all__ = [
    "BOUND",
    "CODE",
    "ELEMENT_TABLE",
    "ID",
    "NAME",
    "REGION",
    "RULE_ID",
    "VERSION",
    "Bool",
    "Bound",
    "Day",
    "Example",
    "Id",
    "Name",
    "Num",
    "RuleId",
    "Shape",
    "Text",
    "Whole",
    "national_region",
    "no_bool",
]

ID: Final = r"^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"
NAME: Final = r"^[a-z][a-z0-9_]*$"
RULE_ID: Final = r"^[a-z][a-z0-9-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)+$"
VERSION: Final = r"^[0-9]{4}\.[0-9]{1,2}\.[0-9]+$"
REGION: Final = r"^(?:CN|[0-9]{6})$"
BOUND: Final = r"^>=[0-9]+(?:\.[0-9]+)*$"
CODE: Final = r"^[0-9]{6}$"
ELEMENT_TABLE: Final = r"^[A-Za-z][A-Za-z0-9_]*$"


def _date(value: Any) -> date:
    if isinstance(value, str) and len(value) == 10:
        with suppress(ValueError):
            day = date.fromisoformat(value)
            if day.isoformat() == value:
                return day
    raise ValueError(f"日期写作 YYYY-MM-DD,这里是 {value!r}")


def _number(value: Any) -> int | Decimal:
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return value
    raise ValueError(f"应是数,这里是 {value!r}")


def no_bool(value: Any) -> Any:
    """A value that is no boolean and no fraction, for numbers that are whole."""
    if isinstance(value, bool | Decimal):
        raise ValueError("应是整数")  # noqa: TRY004  # pydantic takes ValueError
    return value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("不能是空的")
    return value


def national_region(value: str) -> str:
    """The code of a region that exists."""
    try:
        return region_code(value)
    except UnknownRegionError:
        raise ValueError(f"没有地区 {value},前两位要是省级代码") from None


Text = Annotated[str, Strict(), AfterValidator(_filled)]
Bool = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_date, json_schema_input_type=str)]
Num = Annotated[int | Decimal, BeforeValidator(_number, json_schema_input_type=float)]
Whole = Annotated[int, Strict()]
Id = Annotated[str, Strict(), StringConstraints(pattern=ID)]
Bound = Annotated[str, Strict(), StringConstraints(pattern=BOUND)]
Name = Annotated[str, Strict(), StringConstraints(pattern=NAME)]
RuleId = Annotated[str, Strict(), StringConstraints(pattern=RULE_ID)]
Example = dict[str, Any]


class Shape(BaseModel):
    """The base of every part of a file: frozen, and no key is unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)
