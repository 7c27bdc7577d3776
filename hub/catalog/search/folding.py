"""One spelling for text in the index and in what is searched for: lower case, no accents, a sign a word in Chinese."""

import unicodedata
from functools import cache

import tantivy

MAX_WORD = 100
# Of longer beginnings there are few, so they needn't be kept.
MAX_BEGINNING = 16
_CJK = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
_HANGUL = (0xAC00, 0xD7A3)


class _Folds(dict[int, str]):
    """What each character folds to, worked out once."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def fold_in_place(text: str) -> str:
    """The same, with as many characters as before, so that places in both agree."""
    return text.lower() if text.isascii() else "".join(_one(char) for char in text)


def words_of(text: str) -> list[str]:
    """The folded words, in their order, each once."""
    return list(dict.fromkeys(analyzer().analyze(fold(text))))


@cache
def analyzer() -> tantivy.TextAnalyzer:
    """Cuts folded text into words, for the index as for what is searched for."""
    cut = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    return cut.filter(tantivy.Filter.remove_long(MAX_WORD)).build()


@cache
def beginnings() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(1, MAX_BEGINNING, prefix_only=True)).build()


@cache
def trigrams() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(3, 3)).build()


def _fold(char: str) -> str:
    code = ord(char)
    if any(first <= code <= last for first, last in _CJK):
        return f" {char} "
    if _HANGUL[0] <= code <= _HANGUL[1]:
        return char
    if 0xD800 <= code <= 0xDFFF:
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", char.casefold()) if not unicodedata.combining(part))
    return plain.casefold()


def _one(char: str) -> str:
    return (_FOLDS[ord(char)].strip() or " ")[0]
