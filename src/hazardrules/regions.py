"""Regions by GB/T 2260 code. Provinces are built in; a code inherits from the codes that it is part of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from hazardrules.errors import Problem, UnknownRegionError
from hazardrules.kinds import NATION
from hazardrules.nearest import nearest_hint
from hazardrules.record import Record

__all__ = ["NATION", "PROVINCES", "Province", "lineage", "region_code", "region_label"]


class Province(Record):
    """A province, autonomous region, municipality or special administrative region."""

    code: str
    name: str
    short: str
    pinyin: str


_TABLE: Final = """
110000 北京市 北京 beijing
120000 天津市 天津 tianjin
130000 河北省 河北 hebei
140000 山西省 山西 shanxi
150000 内蒙古自治区 内蒙古 neimenggu
210000 辽宁省 辽宁 liaoning
220000 吉林省 吉林 jilin
230000 黑龙江省 黑龙江 heilongjiang
310000 上海市 上海 shanghai
320000 江苏省 江苏 jiangsu
330000 浙江省 浙江 zhejiang
340000 安徽省 安徽 anhui
350000 福建省 福建 fujian
360000 江西省 江西 jiangxi
370000 山东省 山东 shandong
410000 河南省 河南 henan
420000 湖北省 湖北 hubei
430000 湖南省 湖南 hunan
440000 广东省 广东 guangdong
450000 广西壮族自治区 广西 guangxi
460000 海南省 海南 hainan
500000 重庆市 重庆 chongqing
510000 四川省 四川 sichuan
520000 贵州省 贵州 guizhou
530000 云南省 云南 yunnan
540000 西藏自治区 西藏 xizang
610000 陕西省 陕西 shaanxi
620000 甘肃省 甘肃 gansu
630000 青海省 青海 qinghai
640000 宁夏回族自治区 宁夏 ningxia
650000 新疆维吾尔自治区 新疆 xinjiang
710000 台湾省 台湾 taiwan
810000 香港特别行政区 香港 xianggang
820000 澳门特别行政区 澳门 aomen
"""

PROVINCES: Final = tuple(Province(*line.split()) for line in _TABLE.strip().splitlines())
"""The provincial level of GB/T 2260."""

_BY_CODE: Final = {province.code: province for province in PROVINCES}
_BY_NAME: Final = {name: p.code for p in PROVINCES for name in (p.code, p.name, p.short, p.pinyin)}


_SUFFIXES: Final = ("自治州", "自治县", "地区", "新区", "市", "区", "县", "盟", "旗")


def region_code(region: object, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The code that a region's code, Chinese name, short name or pinyin stands for; ``"CN"`` for the whole country.

    A six-digit code below a province is taken as it is, if its province exists.

    :param names: Chinese names of prefectures and counties by their codes; they may be given without 市, 区, 县.
    :raises UnknownRegionError: with the nearest names.
    """
    if isinstance(region, str):
        name = region.strip()
        if name in (NATION, "全国", "中国"):
            return NATION
        found = _BY_NAME.get(name) or _BY_NAME.get(name.lower())
        if found:
            return found
        local: dict[str, set[str]] = {}
        for code, full in names.items():
            for known in {full, _short(full)}:
                local.setdefault(known, set()).add(code)
        codes = sorted(local.get(name, ()))
        if len(codes) == 1:
            return codes[0]
        if codes:
            which = "、".join(f"{code}({names[code]})" for code in codes)
            raise UnknownRegionError(Problem("region", name[:60], f"地区 {name} 不止一个:{which}", "写代码"))
        if re.fullmatch(r"[0-9]{6}", name) and f"{name[:2]}0000" in _BY_CODE:
            return name
        near = "" if name.isdigit() else nearest_hint(name, [*_BY_NAME, *local])
        hint = near or "写省名(山东)、拼音(shandong)或六位代码(370000)"
        raise UnknownRegionError(Problem("region", name[:60], f"没有地区 {name[:60]}", hint))
    raise UnknownRegionError(Problem("region", type(region).__name__, "地区要写成文字", "如 山东 或 370000"))


def _short(name: str) -> str:
    """The name of a prefecture or county without the word for what it is."""
    return next((name[: -len(s)] for s in _SUFFIXES if name.endswith(s) and len(name) > len(s) + 1), name)


def lineage(code: str) -> tuple[str, ...]:
    """The codes that ``code`` inherits from, widest first, itself last: ``CN, 370000, 370200`` for 青岛."""
    if code == NATION:
        return (NATION,)
    steps = [NATION, f"{code[:2]}0000", f"{code[:4]}00", code]
    return tuple(dict.fromkeys(steps))


def region_label(code: str, names: Mapping[str, str] = MappingProxyType({})) -> str:
    """The Chinese name of a region, as far as it is built in or among ``names``."""
    if code == NATION:
        return "全国"
    if code in names:
        return names[code]
    province = _BY_CODE.get(f"{code[:2]}0000")
    name = province.name if province else code
    return name if code.endswith("0000") else f"{name}({code})"
