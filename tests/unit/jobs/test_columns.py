import pytest

from hub.catalog.tables import Column
from hub.jobs.columns import guessed, mapped, named, sort_of
from workers.contract import ColumnRole

TEXT = ColumnRole("text", "text", "Text", guesses=("text", "sentence"))
LABEL = ColumnRole("label", "label", "Label", guesses=("label", "*_>50K"))
IMAGE = ColumnRole("image", "image", "Image", guesses=("image", "pixel_*"))
PIXELS = [
    *(Column(f"pixel_{row}_{column}", "int64") for row in range(8) for column in range(8)),
    Column("label", "int8"),
]


def columns(**types):
    return [Column(name, type_) for name, type_ in types.items()]


@pytest.mark.parametrize(
    ("type_", "sort"),
    [("whole number", "number"), ("uint8", "number"), ("true or false", "flag"), ("list of text", "list"),
     ("struct", "struct"), ("timestamp", "time"), ("text", "text"), ("empty", "any"), ("decimal", "number")],
)  # fmt: skip
def test_types_of_all_readers_have_a_sort(type_, sort):
    assert sort_of(type_) == sort


def test_names_go_before_types():
    found = guessed([TEXT, LABEL], columns(id="int64", Sentence="text", comment="text", LABEL="text"), {})
    assert found == {"text": "Sentence", "label": "LABEL"}


def test_digits_are_one_picture():
    found = mapped([IMAGE, LABEL], PIXELS, [tuple(range(65))], {})
    assert found.columns == {"image": "pixel_*", "label": "label"} and not found.faults
    assert found.rows[0] == {"image": list(range(64)), "label": 64}


def test_one_hot_label_by_pattern():
    assert guessed([LABEL], columns(**{"age": "int64", "salary_>50K": "int64"}), {}) == {"label": "salary_>50K"}


def test_the_only_one_that_fits_is_taken_and_of_two_none():
    assert guessed([TEXT], columns(body="text", stars="int64"), {}) == {"text": "body"}
    assert guessed([TEXT], columns(body="text", more="text"), {}) == {}


def test_what_was_given_stands_even_where_it_is_wrong():
    found = mapped([TEXT, LABEL], columns(text="text", label="int64"), [("a", 1)], {"text": "body"})
    (fault,) = found.faults
    assert (fault.param, fault.code) == ("columns.text", "dataset_column_missing") and "text, label" in fault.advice


def test_roles_and_types_are_checked():
    found = mapped([TEXT], columns(text="int64"), [(1,)], {"text": "text", "tone": "text"})
    assert {(fault.param, fault.code) for fault in found.faults} == {
        ("columns", "bad_spec"),
        ("columns.text", "dataset_bad_value"),
    }


def test_patterns_have_no_other_wildcards():
    found = columns(**{"a[1]": "text", "a1": "text", "b?": "text"})
    assert [column.name for column in named("a[1]*", found)] == ["a[1]"]
    assert [column.name for column in named("*", found, without=["a1"])] == ["a[1]", "b?"]
