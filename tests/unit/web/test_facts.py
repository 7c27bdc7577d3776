"""The evidence: told once, in words, and no more of it than helps."""

from hub.web.pages import facts
from hub.web.pages.facts import Statement
from hub.web.templatetags.ui import coded


def test_neighbours_with_one_source_stand_together() -> None:
    stated = facts.Stated((Statement("a", "x"), Statement("b", "x"), Statement("c", "y")))
    assert [[each.text for each in group] for group in stated.by_source] == [["a", "b"], ["c"]]


def test_a_handful_of_numbers_gets_no_bar() -> None:
    one = facts.size({"F32": 23_600_000, "I64": 53}, 7, 94_400_000)
    assert (one.parameters, one.exact_parameters, one.dtype, one.dtypes) == ("23.6 M", 23_600_053, "F32", ())
    two = facts.size({"BF16": 900, "F32": 100}, 1, 1)
    assert ([share.label for share in two.dtypes], two.dtype) == (["BF16", "F32"], "")


def test_the_name_of_another_licence_goes_before_the_word_other() -> None:
    assert facts.licence_name({"license": "other", "license_name": "darknet"}) == "darknet"
    assert facts.licence_name({"license": "mit", "license_name": "darknet"}) == "mit"
    assert facts.licence_name({"license": "other"}) == "other"
    assert facts.licence_name({}) == ""


def test_words_between_backticks_are_code_and_escaped() -> None:
    assert coded("see `a/b`, <i>") == "see <code>a/b</code>, &lt;i&gt;"
