"""The first page: what this hub is, a search, what is new and what is used."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.web.pages import words
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 5


@dataclass(frozen=True)
class HomePage:
    models: str
    datasets: str
    recent: tuple[Row, ...]
    most_pulled: tuple[Row, ...]
    recent_data: tuple[Row, ...]
    example: str
    title: str = "Pre-trained models"
    description: str = "Pre-trained models with their licence, training data and known biases on record."
    has_own_search: bool = True


def build(viewer: Viewer) -> HomePage:
    recent, pulled, data = (
        catalog.search_repos(viewer, kind=kind, search=[], author=None, filters=[], sort=sort, limit=SHOWN, cursor=None)
        for kind, sort in (("model", "lastModified"), ("model", "downloads"), ("dataset", "lastModified"))
    )
    here = shelf.names_here(viewer, bases_of([*recent.items, *pulled.items]))
    most_pulled = tuple(row for row in rows_of(pulled.items, here) if row.downloads)
    first = next(iter(pulled.items), None)
    return HomePage(
        models=words.plural(recent.total, "model"),
        datasets=words.plural(data.total, "data set"),
        recent=rows_of(recent.items, here),
        most_pulled=most_pulled,
        recent_data=rows_of(data.items, {}),
        example=f'sdk.pull("{first.full_name}")' if first else 'sdk.push("my-model/", "me/my-model")',
    )
