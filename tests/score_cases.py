"""How far the rules agree with published verdicts: level, and clause where the source names one.

Run it with ``make cases``. Where the law of the day is not held, or the source judged by another text, the case says
so in its ``why``.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from hazardrules import Judgment, classify
from hazardrules.pack.reader import read_yaml

FOLDER = Path(__file__).parent / "cases"


def cases() -> list[tuple[str, dict[str, Any]]]:
    """Every case with the name of its file."""
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        file = read_yaml(path, path.name)
        assert file.problems == []
        found.extend((path.stem, case) for case in file.data["cases"])
    return found


def judged(case: dict[str, Any]) -> Judgment:
    """The judgment of a case."""
    return classify(
        case.get("facts", {}),
        other=case.get("other", ()),
        industry=case["industry"],
        region=case["region"],
        observed_on=case["observed_on"],
    )


def plain(ref: str) -> str:
    """A citation without brackets and spaces, which sources write in different ways."""
    return re.sub(r"[^0-9A-Za-z\u4e00-\u9fff.]", "", ref)


def main() -> None:
    """Print every disagreement with its reason, and the score file by file."""
    score: Counter[tuple[str, str]] = Counter()
    for name, case in cases():
        judgment, published = judged(case), case["published"]
        cited = plain("".join(finding.citation for finding in judgment.findings))
        named = [plain(ref) for ref in published.get("basis", ())]
        agrees = judgment.level == published["level"]
        score[name, "cases"] += 1
        score[name, "level"] += agrees
        if named and judgment.level == published["level"] == "major":
            score[name, "named"] += 1
            score[name, "clause"] += all(one in cited for one in named)
        if not agrees:
            print(f"{case['id']}: 来源 {published['level']},本库 {judgment.level}:{case.get('why', '')}")
    print()
    total: Counter[str] = Counter()
    for name in sorted({name for name, _ in score}):
        row = {kind: score[name, kind] for kind in ("cases", "level", "named", "clause")}
        total.update(row)
        print(f"{name}: 级别 {row['level']}/{row['cases']},条款 {row['clause']}/{row['named']}")
    print(f"合计: 级别 {total['level']}/{total['cases']},条款 {total['clause']}/{total['named']}")


if __name__ == "__main__":
    main()
