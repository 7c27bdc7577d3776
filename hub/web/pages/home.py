"""The first page: what this hub is, a search, what is new and what is used."""

from dataclasses import dataclass

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import shelf
from hub.web.pages import words
from hub.web.pages.repo import Pull
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 5


@dataclass(frozen=True)
class HomePage:
    models: str
    datasets: str
    recent: tuple[Row, ...]
    most_pulled: tuple[Row, ...]
    recent_data: tuple[Row, ...]
    pulls: tuple[Pull, ...]
    example: str
    title: str = "Pre-trained models"
    description: str = "Pre-trained models with their licence, training data and known biases on record."
    has_own_search: bool = True


def build(viewer: Viewer, *, origin: str) -> HomePage:
    recent, pulled, data = (
        catalog.search(viewer, SearchQuery(kind=kind, sort=sort, limit=SHOWN), facets=())
        for kind, sort in (("model", "updated"), ("model", "downloads"), ("dataset", "updated"))
    )
    newest, most, sets = ([hit.repo for hit in found.hits] for found in (recent, pulled, data))
    here = shelf.names_here(viewer, bases_of([*newest, *most]))
    most_pulled = tuple(row for row in rows_of(most, here) if row.downloads)
    first = next(iter(most), None)
    return HomePage(
        models=words.plural(recent.total, "model"),
        datasets=words.plural(data.total, "data set"),
        recent=rows_of(newest, here),
        most_pulled=most_pulled,
        recent_data=rows_of(sets, {}),
        pulls=_pulls(first.name if first.owner.name == settings.CURATED_OWNER else first.full_name, origin)
        if first
        else (),
        example=f'import sdk\nsdk.push("my-model/", "me/my-model", hub="{origin}")',
    )


def _pulls(name: str, origin: str) -> tuple[Pull, ...]:
    """How a newcomer's tools find this hub, with a model that it has."""
    return (
        Pull("sdk", "Python", f'import sdk\nsdk.pull("{name}", hub="{origin}")'),
        Pull("cli", "Command line", f"export HEADSTART_URL={origin}\nheadstart pull {name}"),
        Pull("hub", "Hugging Face tools", f"export HF_ENDPOINT={origin}"),
    )
