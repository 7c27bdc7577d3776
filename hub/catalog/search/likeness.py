"""How like two repositories are."""

from tantivy import Occur, Query

from hub.catalog.models import Repo
from hub.catalog.search.documents import facets_of
from hub.catalog.search.engine import OpenIndex
from hub.catalog.search.filters import one_of
from hub.catalog.search.folding import fold

# What a relation counts; words of the cards count up to about as much as a task does.
_PARENT, _CHILD, _SIBLING, _TASK, _DATA, _WORDS = 40.0, 35.0, 30.0, 15.0, 10.0, 0.3
_MAX_NAMES = 20


def likeness(index: OpenIndex, repo: Repo, prose: str, scope: Query) -> Query:
    """Others in `scope` that have something in common with this one, with scores."""
    own = _common(index, repo) + ([_words(index, prose)] if prose else [])
    itself = Query.term_query(index.schema, "pk", repo.pk)
    common = Query.boolean_query([(Occur.Should, query) for query in own])
    return Query.boolean_query([(Occur.Must, scope), (Occur.Must, common), (Occur.MustNot, itself)])


def _common(index: OpenIndex, repo: Repo) -> list[Query]:
    """Relatives, the same task, the same data."""
    stated = facets_of(repo, [])
    bases, name = stated["base_model"][:_MAX_NAMES], repo.full_name.casefold()
    asked = [
        ("spelled", [fold(base) for base in bases], _PARENT),
        ("is_base_model", [name], _CHILD),
        ("is_base_model", bases, _SIBLING),
        ("is_task", stated["task"][:_MAX_NAMES], _TASK),
        ("is_dataset", stated["dataset"][:_MAX_NAMES], _DATA),
    ]
    return [
        Query.const_score_query(one_of(index.schema, field, values), weight)
        for field, values, weight in asked
        if values
    ]


def _words(index: OpenIndex, prose: str) -> Query:
    query = Query.more_like_this_document_fields_query(
        index.schema,
        {"all": [fold(prose)]},
        min_doc_frequency=2,
        max_doc_frequency=max(index.searcher.num_docs // 10, 2),
        min_term_frequency=1,
        max_query_terms=15,
        min_word_length=3,
    )
    return Query.boost_query(query, _WORDS)
