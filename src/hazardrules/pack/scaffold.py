"""A new pack, complete and installable, for its authors to fill."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path
from string import Template
from typing import Final

from hazardrules.errors import HazardRulesError, Problem, UnknownRegionError
from hazardrules.lang.tokens import RESERVED
from hazardrules.pack.discovery import NATIONAL, national_folder, rules_folder
from hazardrules.pack.loader import load_pack
from hazardrules.pack.schema import FILES
from hazardrules.pack.types import ID
from hazardrules.regions import PROVINCES, region_code

__all__ = ["write_scaffold"]

_FILES: Final[dict[str, str]] = {
    "pyproject.toml": """\
[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"

[project]
name = "hazardrules-pack-$id"
version = "$version"
description = "$name重大事故隐患判定规则包"
readme = "README.md"
requires-python = ">=3.11"
dependencies = ["hazardrules>=0.1"]

[project.optional-dependencies]
test = ["hazardrules[cli]", "pytest>=8.3"]

[project.entry-points."hazardrules.packs"]
$id = "$package:rules"

[tool.hatch.build.targets.wheel]
packages = ["$package"]

[tool.pytest.ini_options]
testpaths = ["$package/rules"]
""",
    "README.md": """\
# $name重大事故隐患判定规则包

在全国规则包之上,收录$name的判定标准文件、词表、期限和义务。只能增加和从严,不能放松全国的规则。

## 安装和使用

```sh
pip install .
hazardrules packs
hazardrules classify --region $name -f $domain.sample_guard=absent -i 工贸
```

安装后,`classify(..., region="$name")` 自动用上本规则包。

## 改成自己的

1. `$package/rules/documents/$document.yaml` 是示例文件,里面的条款是编的:照它的样子写自己的文件,然后删去它。
2. `$package/rules/facts/$domain.yaml` 是词表。能用全国词表的(`hazardrules facts 文字`)就不新造。
3. `$package/rules/deadlines.yaml` 写本地法规定的期限和义务,每一项都要有条款。
4. 比全国某条更严的规则,用 `tightens` 指出那一条;检查时会证明它确实不松。
5. 每次修改以后:

```sh
pip install '.[test]'
hazardrules check $package/rules
hazardrules test $package/rules
pytest
```

只写读到原文的条款;没有读到的,写在文件的 `missing` 里。
""",
    "$package/__init__.py": '"""$name重大事故隐患判定规则包:只有数据,没有程序。"""\n',
    "$package/rules/pack.yaml": """\
# yaml-language-server: $$schema=../../schemas/pack.json
format: 1
id: $id
title: $name重大事故隐患判定规则包
version: $version
region: '$code'
requires: {hazardrules: '>=0.1', packs: {national: '>=2026.11'}}
$names""",
    "$package/rules/facts/$domain.yaml": """\
# yaml-language-server: $$schema=../../../schemas/facts.json
domain: $domain
label: $name补充
facts:
  sample_guard:
    type: enum
    of: {working: 正常, failed: 失效或者无效, absent: 未设置}
    label: $name示例设备的防护装置
  sample_reviewed: {type: boolean, label: $name示例设备按规定做过安全评估}
""",
    "$package/rules/documents/$document.yaml": """\
# yaml-language-server: $$schema=../../../schemas/document.json
# 示例:条款是编的,只用来说明写法。写好自己的文件以后删去它。
document:
  id: $document
  title: $name示例判定规定(示例,不是法律文件)
  number: null
  issuer: 示例机关
  rank: 示例
  issued: $today
  effective: $today
  expires: null
  industries: [gongmao]
  coverage: full
  note: 示例文件,不能作为判定依据
rules:
- id: $document.1
  ref: 第一条(示例)
  group: 示例
  title: 示例设备没有防护装置,或者防护装置失效,又没有按规定做过安全评估
  when: >-
    $domain.sample_guard in ["absent", "failed"] and not $domain.sample_reviewed
  hit:
    - {$domain.sample_guard: absent, $domain.sample_reviewed: false}
    - {$domain.sample_guard: failed, $domain.sample_reviewed: false}
  miss:
    - {$domain.sample_guard: working, $domain.sample_reviewed: false}
    - {$domain.sample_guard: absent, $domain.sample_reviewed: true}
  open:
    - {$domain.sample_guard: absent}
  remedy: 装设防护装置,做安全评估
  inspect: 现场查看,查评估报告
""",
    "$package/rules/deadlines.yaml": """\
# yaml-language-server: $$schema=../../schemas/deadlines.json
# 本地法规定的期限写在 deadlines,后续义务写在 duties;每一项写明条款。只能比全国的短,不能更长。例如:
# - id: major-days
#   level: major
#   source: statutory
#   days: 15
#   day_kind: calendar
#   citation: 《某省安全生产条例》第几条
#   evidence: read
#   text: 某省规定
policy: $name策略
deadlines: []
duties: []
""",
}


def write_scaffold(folder: Path, name: str, code: str, id_: str | None = None) -> list[Path]:
    """Write a new pack for a region, and give back the files.

    :param folder: where to; it must not exist, or be empty.
    :param name: the region's Chinese name.
    :param code: its GB/T 2260 code.
    :param id_: the id of the pack; None takes the pinyin of a province, with ``-local`` where the library brings a pack
        of that name.
    :raises UnknownRegionError: where name and code don't belong together.
    :raises HazardRulesError: where the folder is not empty, or an id is needed or wrong.
    """
    name = name.strip()
    words = _words(name, code, id_)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise HazardRulesError(f"{folder} 已经有东西了:换一个不存在的或空的文件夹")
    written = []
    for path, text in _FILES.items():
        written.append(_write(folder / Template(path).substitute(words), Template(text).substitute(words)))
    for kind, model in FILES.items():
        schema = json.dumps(model.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
        written.append(_write(folder / "schemas" / f"{kind}.json", schema))
    return written


def _words(name: str, code: str, id_: str | None) -> dict[str, str]:
    """What the templates are filled with."""
    if not re.fullmatch(r"[0-9]{6}", code) or region_code(code) != code:
        raise UnknownRegionError(Problem("code", code, f"没有代码 {code}", "写六位行政区划代码,如 530000"))
    province = next((p for p in PROVINCES if p.code == code), None)
    if province is not None and region_code(name) != code:
        raise UnknownRegionError(Problem("name", name, f"{code} 是{province.name},不是{name}"))
    if id_ is None and province is None:
        raise HazardRulesError(f"{name}不是省级地区,规则包要自己起标识:--id 拼音")
    shipped = {path.parent.name for path in rules_folder().glob("*/pack.yaml")}
    chosen = id_ if id_ is not None else province.pinyin if province is not None else ""
    if id_ is None and chosen in shipped:
        chosen += "-local"
    if chosen in shipped - {NATIONAL}:
        raise HazardRulesError(f"随库已经有规则包 {chosen},新的规则包要另起标识,如 --id {chosen}-local;两个会一起用上")
    if not re.fullmatch(ID, chosen) or chosen != chosen.strip() or chosen == NATIONAL:
        raise HazardRulesError(f"规则包标识 {chosen} 的写法不对:小写字母开头,小写字母、数字和连字符,如 yunnan")
    taken = {*RESERVED, *load_pack(national_folder()).domains}
    if chosen.replace("-", "_") in taken:
        raise HazardRulesError(f"规则包标识 {chosen} 已经是全国词表的域或者表达式的保留字,换一个")
    if not name or not re.fullmatch(r"[\w·]+", name):
        raise HazardRulesError(f"地区名称 {name} 的写法不对:只写名称,如 云南")
    today = datetime.now(timezone(timedelta(hours=8))).date()  # the day in China, by which judging goes
    return {
        "name": name,
        "code": code,
        "id": chosen,
        "domain": chosen.replace("-", "_"),
        "package": f"hazardrules_pack_{chosen.replace('-', '_')}",
        "document": f"{chosen}-sample",
        "version": f"{today.year}.{today.month}.0",
        "today": today.isoformat(),
        "names": "" if province is not None else f"names: {{'{code}': {name}}}\n",
    }


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
