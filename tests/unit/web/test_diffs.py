"""What was added and removed between two texts."""

from hypothesis import given
from hypothesis import strategies as st

from hub.web import diffs

texts = st.lists(st.sampled_from("abc"), max_size=30)


@given(texts, texts, st.integers(0, 8))
def test_steps_lead_from_one_to_the_other(old: list[str], new: list[str], most: int) -> None:
    way = diffs.steps(old, new, most)
    assert [i for i, _ in way if i >= 0] == list(range(len(old)))
    assert [j for _, j in way if j >= 0] == list(range(len(new)))
    assert all(old[i] == new[j] for i, j in way if i >= 0 and j >= 0)


def test_what_is_alike_around_a_change_is_left_out() -> None:
    lines = [f"line {number}" for number in range(40)]
    after = [*lines[:20], "new", *lines[20:]]
    (hunk,) = diffs.hunks("\n".join(lines), "\n".join(after)) or ()
    assert hunk.skipped == 17 and [line.sort for line in hunk.lines] == ["same"] * 3 + ["added"] + ["same"] * 3
    assert (hunk.lines[0].old, hunk.lines[3].new, hunk.lines[4].old, hunk.lines[4].new) == (18, 21, 21, 22)


def test_words_that_differ_are_marked() -> None:
    (hunk,) = diffs.hunks("rate = 0.1  # fast", "rate = 0.2  # fast") or ()
    removed, added = hunk.lines
    assert [piece for piece in removed.pieces if piece[1]] == [("1", True)]
    assert "".join(text for text, _ in added.pieces) == "rate = 0.2  # fast"


def test_lines_without_a_word_in_common_are_not_marked() -> None:
    (hunk,) = diffs.hunks("alpha", "omega") or ()
    assert [line.pieces for line in hunk.lines] == [(("alpha", False),), (("omega", False),)]


def test_bounds() -> None:
    assert diffs.hunks("x\n" * 5_000, "") is None
    (hunk,) = diffs.hunks("x" * 9_000, "") or ()
    assert hunk.lines[0].pieces[0][0].endswith("(and 8,000 more characters)")
    many = diffs.steps([f"a{n}" for n in range(3_000)], [f"b{n}" for n in range(3_000)], 500)
    assert len(many) == 6_000
