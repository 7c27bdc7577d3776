"""Words for cards, the most frequent first."""

from itertools import product

_PLAIN = """
the of and to a in is for model this on with trained data was language it that are as text by from fine tuned dataset
can be training task tasks english version using used results base evaluation pretrained large set use license weights
tokens performance based more about not or layers classification generation images speech translation image question
answer accuracy score benchmark released paper code input output your which have our than all parameters research bias
limitations intended users languages documents news reviews medical legal finance customer support instructions chat
"""
_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "ch", "st", "tr", "pl", "gr")
_VOWELS, _ENDS = "aeiou", ("", "n", "r", "s", "l", "x")


def words(count: int) -> list[str]:
    """Words for cards: plain ones first, then made-up ones, no two alike."""
    syllables = ["".join(parts) for parts in product(_ONSETS, _VOWELS, _ENDS)]
    made = ("".join(pair) for pair in product(syllables, syllables))
    plain = _PLAIN.split()
    return [*plain, *(word for word, _ in zip(made, range(count - len(plain)), strict=False))]
