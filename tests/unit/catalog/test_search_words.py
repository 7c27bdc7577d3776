import random

import pytest

from hub.catalog.card import prose_of
from hub.catalog.search.documents import key_in, result_term, sort_key
from hub.catalog.search.folding import fold, fold_in_place, words_of
from hub.catalog.search.snippets import marked, snippet

ODD = "İstanbul STRASSE Straße ﬁne naïve Ελλάδα 日本語 한국어 e\u0301 \ud800 👩‍🚀 Ǆ ſ"


def test_words_are_told_apart_in_any_script() -> None:
    assert words_of("Straße, NAÏVE! a_b bert-base naive") == ["strasse", "naive", "a", "b", "bert", "base"]
    assert words_of("日本語 한국어") == ["日", "本", "語", "한국어"]
    assert words_of("x" * 101) == words_of(" \0- ") == []


def test_folding_in_place_keeps_places() -> None:
    assert len(fold_in_place(ODD)) == len(ODD) and fold_in_place("École 日") == "ecole 日"
    assert words_of(fold(ODD)) == words_of(ODD)


def test_a_snippet_stands_around_the_first_word_that_matches() -> None:
    text = "Nothing here. " * 30 + "Then the École of Bertrand and bert, at last. " + "More of it. " * 30
    pieces = snippet(text, ("bert", "ecol"))
    assert ("Ecol" not in text) and [piece for piece, is_match in pieces if is_match] == ["Écol", "bert"]
    assert pieces[0] == pieces[-1] == ("…", False) and 150 < sum(len(piece) for piece, _ in pieces) < 260
    assert "".join(piece for piece, _ in pieces).strip("…") in text
    assert snippet("no such word", ("absent",)) == snippet("", ("a",)) == snippet("text", ()) == ()
    assert marked("ada/bert-base", ("bas",)) == (("ada/bert-", False), ("bas", True), ("e", False))


def test_prose_is_what_readers_see() -> None:
    body = (
        "# A *title*\n\nIt [links](http://x) to ![a picture](y.png) and `code`.\n\n```python\nimport this\n```\n"
        "<!-- hidden -->\n> quoted\n- item\n1. first\n\n| cell | other |\n|---|---|\n<b>bold</b>\n***\n"
    )
    assert " ".join(prose_of(body).split()) == "A title It links to and code. quoted item first cell other bold"
    assert len(prose_of("word " * 50_000)) <= 20_000


@pytest.mark.parametrize(
    "hostile", ["![" * 30_000, "[" * 60_000, "<" * 60_000, "**" * 30_000, "- " * 30_000, "|" * 60_000]
)
def test_no_prose_takes_long(hostile: str) -> None:
    assert prose_of(hostile) is not None


def test_sort_keys_sort_as_their_values_do() -> None:
    chance = random.Random(1)
    values = sorted({chance.getrandbits(chance.randint(1, 63)) for _ in range(3000)} | {2**63 - 1, 0})
    keys = [sort_key(value, 2**28 - 1) for value in values]
    assert keys == sorted(keys) and max(keys) < 2**64 and all(key_in(key) == 2**28 - 1 for key in keys)
    assert len({sort_key(value, 1) for value in range(5000)}) == 5000


def test_results_sort_as_numbers_do() -> None:
    values = [float("-inf"), -1e300, -2.5, -1e-9, 0.0, 1e-9, 0.5, 0.51, 99.0, 1e300]
    terms = [result_term("b", value) for value in values]
    assert terms == sorted(terms) and result_term("b", -0.0) == result_term("b", 0.0)
    assert result_term("a", 1)[:16] != result_term("b", 1)[:16] and result_term("A", 1) == result_term("a", 1)
