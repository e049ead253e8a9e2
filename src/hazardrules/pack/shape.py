"""The shape check of one file: pydantic's findings as pack problems, in Chinese, each at its place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from hazardrules.lang.text import number_text
from hazardrules.nearest import nearest_hint
from hazardrules.pack import types
from hazardrules.pack.reader import YamlFile
from hazardrules.pack.values import clip

__all__ = ["validate"]

M = TypeVar("M", bound=BaseModel)

_TYPES = {
    "string_type": "文字",
    "int_type": "整数",
    "bool_type": "true 或 false",
    "list_type": "列表",
    "tuple_type": "列表",
    "dict_type": "映射",
    "model_type": "映射",
    "model_attributes_type": "映射",
}
_PATTERNS = {
    types.ID: "小写字母开头,小写字母、数字和连字符,如 gongmao-2023",
    types.NAME: "小写字母开头,小写字母、数字和下划线,如 spark_detector",
    types.RULE_ID: "文件标识加点号和条款号,如 gongmao-2023.11.1",
    types.VERSION: "年.月.修订号,如 2026.11.0",
    types.REGION: "CN 或六位行政区划代码(要加引号),如 '370000'",
    types.BOUND: ">= 加版本号,如 '>=2026.11'",
    types.CODE: "六位行政区划代码(要加引号),如 '370200'",
    types.ELEMENT_TABLE: "字母开头,字母、数字和下划线,如 T1",
}


def validate(file: YamlFile, model: type[M]) -> M | None:
    """The file's data as ``model``; None with every problem noted on the file."""
    try:
        return model.model_validate(file.data)
    except ValidationError as error:
        seen: set[tuple[object, ...]] = set()
        for one in error.errors(include_url=False):
            loc = tuple(
                part for part in one["loc"] if not (isinstance(part, str) and part.startswith(("[", "function-")))
            )
            if (loc, one["type"]) not in seen:
                seen.add((loc, one["type"]))
                _note(file, model, loc, one)
        return None


def _shown(value: object) -> str:
    """A value as it stands in the file."""
    return number_text(value) if isinstance(value, Decimal) else clip(value)


def _note(file: YamlFile, model: type[BaseModel], loc: tuple[int | str, ...], error: Any) -> None:
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    name = loc[-1] if loc else "文件"
    if isinstance(name, int):
        name = f"第{name + 1}项"
    of_key = error["loc"][-1:] == ("[key]",)
    if kind == "missing":
        file.error("HR201", loc[:-1], f"缺少 {name}")
    elif kind == "extra_forbidden":
        known = _field_names(model)
        file.error("HR202", loc, f"不认识的键 {name}", nearest_hint(str(name), sorted(known)), key=True)
    elif kind == "string_pattern_mismatch":
        file.error("HR204", loc, f"{_shown(found)} 的写法不对", _PATTERNS.get(context["pattern"], ""), key=of_key)
    elif kind == "literal_error":
        file.error("HR203", loc, f"{name} 是 {_shown(found)},只能是 {context['expected'].replace(' or ', '、')}")
    elif kind == "value_error":
        file.error("HR203", loc, f"{name}:{context['error']}")
    elif kind in _TYPES:
        hint = "给它加引号" if kind == "string_type" and isinstance(found, bool | int | Decimal) else ""
        file.error("HR203", loc, f"{name} 应是{_TYPES[kind]},这里是 {_shown(found)}", hint)
    elif kind == "too_short":
        if not found:  # otherwise its members are wrong, and that is told already
            file.error("HR203", loc, f"{name} 不能是空的")
    else:
        limit = "、".join(str(value) for value in context.values())
        file.error("HR203", loc, f"{name} 的值 {_shown(found)} 不在允许范围内" + (f"({limit})" if limit else ""))


def _field_names(model: type[BaseModel]) -> set[str]:
    """The keys of the file's model and of the models inside it."""
    names: set[str] = set()
    queue: list[Any] = [model.model_json_schema(mode="validation")]
    while queue:
        here = queue.pop()
        if isinstance(here, dict):
            names.update(here.get("properties", {}))
            queue.extend(here.values())
        elif isinstance(here, list):
            queue.extend(here)
    return names
