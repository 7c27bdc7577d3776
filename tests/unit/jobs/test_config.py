import pytest

from hub.jobs.config import checked
from workers.contract import Option

OPTIONS = (
    Option("epochs", "int", 3, "Epochs", "From 1 on.", minimum=1, maximum=10),
    Option("rate", "float", 0.1, "Rate", minimum=0.0),
    Option("boost", "bool", False, "Boost"),
    Option("columns", "text", "*", "Columns"),
    Option("method", "choice", "full", "Method", choices=("full", "lora")),
)


def test_defaults_fill_what_was_not_given():
    values, faults = checked(OPTIONS, {"epochs": 2})
    assert values == {"epochs": 2, "rate": 0.1, "boost": False, "columns": "*", "method": "full"} and not faults


def test_texts_of_forms_are_read_as_the_type():
    given = {"epochs": "4", "rate": "1e-3", "boost": "on", "columns": "", "method": ""}
    values, faults = checked(OPTIONS, given)
    assert values == {"epochs": 4, "rate": 1e-3, "boost": True, "columns": "", "method": "full"} and not faults


@pytest.mark.parametrize(
    ("name", "value"),
    [("epochs", 0), ("epochs", 11), ("epochs", 1.5), ("epochs", True), ("epochs", [1]), ("rate", "nan"), ("rate", -1),
     ("rate", 10**400), ("boost", "perhaps"), ("columns", 3), ("columns", "a\0"), ("method", "half"), ("epoch", 1)],
)  # fmt: skip
def test_what_an_option_does_not_take(name, value):
    _, (fault,) = checked(OPTIONS, {name: value}, at="config.fair")
    assert (fault.param, fault.code) == (f"config.fair.{name}", "bad_spec") and fault.message
