"""What the index holds of a repository. Whoever changes it gets a new index: its name is a digest of this."""

import hashlib
from functools import cache
from importlib import metadata

import tantivy

from hub.catalog.query import FACETS, SORTS
from hub.catalog.search.folding import analyzer, beginnings, trigrams

# Raise it when a field gets other contents: documents.py and folding.py are no part of the digest.
DOCUMENTS = 1
# Words to find a repository by: those of `all` say whether it is found, the others how well.
WORDS = ("all", "name", "author", "tags", "summary")
# Pieces of names: beginnings of their words, beginnings of the names, any three letters. As terms they are found in a
# fraction of the time that a look through all words with that beginning takes.
PIECES = {"begins": "beginnings", "opens": "beginnings", "grams": "trigrams"}
# Values as they stand, to filter by; those of FACETS are counted too.
VALUES = ("kind", "sees", "spelled", "tag", "result")
# The orders by a value of the repository. Each field holds that value and, below it, the key: no two are the same.
ORDERS = tuple(sort for sort in SORTS if sort != "relevance")
# The repository whose `seq` says how far the index is. No key is 0.
STAMP = 0


def schema() -> tantivy.Schema:
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("pk", indexed=True, fast=True)
    made.add_unsigned_field("seq", fast=True)
    for name in WORDS:
        made.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name, tokenizer in PIECES.items():
        made.add_text_field(name, tokenizer_name=tokenizer, index_option="basic")
    for name in VALUES:
        made.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        made.add_text_field(f"is_{name}", tokenizer_name="raw", index_option="basic", fast=True)
    # Owners are chosen in any case and shown as they spell themselves.
    made.add_text_field("owner", tokenizer_name="raw", index_option="basic")
    for name in ("parameters", "size"):
        made.add_unsigned_field(name, fast=True)
    for name in ORDERS:
        made.add_unsigned_field(f"by_{name}", fast=True)
    made.add_float_field("fame", fast=True)
    return made.build()


def prepare(index: tantivy.Index) -> tantivy.Index:
    """The index with the ways to cut text that its fields name."""
    index.register_tokenizer("words", analyzer())
    index.register_tokenizer("beginnings", beginnings())
    index.register_tokenizer("trigrams", trigrams())
    return index


@cache
def version() -> str:
    """Changes with the fields and with the library that wrote them."""
    parts = (metadata.version("tantivy"), DOCUMENTS, WORDS, PIECES, VALUES, FACETS, ORDERS)
    return f"v{DOCUMENTS}-{hashlib.sha256(repr(parts).encode()).hexdigest()[:10]}"
