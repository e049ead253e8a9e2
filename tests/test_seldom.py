"""The models that are defined when they are first needed: whoever uses a judgment finds models like the others."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

import hazardrules.asking
import hazardrules.model
from hazardrules import Judgment, Observation, classify
from hazardrules.model import LATER, Frozen
from hazardrules.seldom import Nearest, Order, Rejected

FACTS = {"dust.storeys": 3, "dust.structure": "brick"}


def every_kind() -> Judgment:
    """A judgment that has a refused fact, a condition in words, an order and a conflict."""
    return classify(
        FACTS | {"dust.storey": 2},
        other=["三个螺栓松动"],
        asserted=["gongmao-2023.11.1"],
        industry="machinery",
        observed_on="2026-11-20",
        ordered=("2026-12-01", "责改1号"),
        strict=False,
    )


def run(code: str) -> None:
    """Code in a fresh process, in which nothing was asked for before."""
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # our own code


def test_they_stand_under_the_name_of_the_model_module() -> None:
    """Each is a frozen model, the same one wherever it is taken from, and no other name is made up."""
    for name, module in LATER.items():
        model = getattr(hazardrules.model, name)
        assert issubclass(model, Frozen)
        assert model is getattr(getattr(hazardrules, module), name)
        assert name in hazardrules.model.__all__
    assert set(LATER) == {*hazardrules.seldom.__all__, *hazardrules.asking.__all__}
    with pytest.raises(AttributeError, match="Oder"):
        hazardrules.model.Oder  # type: ignore[attr-defined]  # noqa: B018


def test_a_judgment_that_has_them_survives_json_copy_and_pickle() -> None:
    """What is read back is made of the same models, and equal."""
    judgment = every_kind()
    assert isinstance(judgment.rejected[0], Rejected)
    assert isinstance(judgment.nearest[0], Nearest)
    assert judgment.observation.ordered == Order(due_on=date(2026, 12, 1), instrument="责改1号")
    again = Judgment.model_validate_json(judgment.model_dump_json())
    assert again == judgment
    assert isinstance(again.nearest[0], Nearest)
    assert isinstance(again.observation.ordered, Order)
    assert Judgment.model_validate(judgment.model_dump()) == judgment
    assert pickle.loads(pickle.dumps(judgment)) == judgment  # noqa: S301  # our own
    assert judgment.model_copy(deep=True) == judgment


def test_they_are_checked_like_the_others() -> None:
    """A wrong field is told with its place; an unknown one is refused."""
    data = every_kind().model_dump(mode="json")
    data["nearest"][0]["score"] = "near"
    data["observation"]["ordered"]["by"] = "x"
    with pytest.raises(ValidationError) as error:
        Judgment.model_validate(data)
    assert {(one["loc"], one["type"]) for one in error.value.errors()} == {
        (("nearest", 0, "score"), "float_parsing"),
        (("observation", "ordered", "by"), "extra_forbidden"),
    }


def test_schemas_name_them() -> None:
    """The JSON schema of a judgment and of an observation holds each with its fields."""
    definitions = Judgment.model_json_schema()["$defs"]
    assert set(LATER) <= set(definitions)
    assert set(definitions["Nearest"]["properties"]) == {"other", "rule", "title", "citation", "score"}
    ordered: dict[str, Any] = Observation.model_json_schema()["properties"]["ordered"]
    assert {"$ref": "#/$defs/Order"} in ordered["anyOf"]
    assert {"type": "null"} in ordered["anyOf"]


class Sheet(BaseModel):
    """A model of somebody else that holds judgments."""

    judgments: tuple[Judgment, ...]


def test_models_of_others_may_hold_judgments() -> None:
    """Inside another model and in an adapter they are written and read as well."""
    sheet = Sheet(judgments=(every_kind(),))
    assert Sheet.model_validate_json(sheet.model_dump_json()) == sheet
    several = TypeAdapter(list[Judgment])
    assert several.validate_json(several.dump_json([every_kind()])) == [every_kind()]


FIRST = [
    "from hazardrules import Judgment; assert 'Upcoming' in Judgment.model_json_schema()['$defs']",
    "from hazardrules.model import *; assert Upcoming.model_fields['effective']",
    "import typing, hazardrules; assert typing.get_type_hints(hazardrules.Judgment)['upcoming']",
    """
from pydantic import BaseModel
from hazardrules import Judgment
class Sheet(BaseModel):
    judgment: Judgment | None = None
assert Sheet().judgment is None
""",
    """
from hazardrules import Judgment, classify
judgment = classify({"dust.storeys": 3}, observed_on="2026-11-20")
assert Judgment.model_validate_json(judgment.model_dump_json()) == judgment
""",
]


@pytest.mark.parametrize("first", FIRST)
def test_whatever_comes_first_finds_them(first: str) -> None:
    """In a fresh process: a schema, a star import, the hints of types, another's model, a round trip."""
    run(first)
