"""Order a fine-tune or an evaluation from a model's page: what may be chosen, and what the hub makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.query import SearchQuery
from hub.core.errors import HubError, InvalidInput
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import offers
from hub.jobs.services.orders import check, order
from hub.web.order_form import EvaluateForm, FinetuneForm, OrderForm, filled
from hub.web.pages import job_links, order_again, order_faults, order_lines, order_verdict, repo
from hub.web.pages.repo import Tab
from workers.contract import Offer

_PROPOSED = 20
_VERBS = {"finetune": "Fine-tune", "evaluate": "Evaluate"}


@dataclass(frozen=True)
class OrderPage:
    """`recipes` are links to this page with another recipe; `about` says what the chosen one does. `verdict` is None
    until there is a data set to judge."""

    title: str
    heading: str
    kind: str
    banner: repo.Banner
    recipes: tuple[Tab, ...]
    others: tuple[Tab, ...]
    about: str
    form: OrderForm | None
    datasets: tuple[tuple[str, str], ...]
    verdict: order_verdict.Verdict | None
    lines: order_lines.Lines | None
    revision: str


@dataclass(frozen=True)
class Desk:
    """One visit to the form: the model, what may be ordered on it, and what was filled in."""

    place: repo.Place
    kind: str
    recipes: tuple[Offer, ...]
    suites: tuple[Offer, ...]
    recipe: Offer | None
    form: OrderForm | None

    @property
    def is_filled(self) -> bool:
        return bool(self.form and self.form.is_bound)

    def told(self) -> dict[str, Any]:
        """The order as the API takes it."""
        if self.form is None:
            raise InvalidInput("No worker offers anything yet, so nothing can be ordered.")
        self.form.is_valid()
        model = {"base": self.place.repo.full_name, "base_revision": self.place.revision.commit}
        return self.form.told() | model


def desk(viewer: Viewer, address: repo.Address, kind: str, asked: Mapping[str, str], posted: Any) -> Desk:
    """`asked`: of the address, `posted`: of the form."""
    place = repo.find(viewer, address)
    listed = offers.list_offers()
    found = [each.offer for each in listed]
    recipes = tuple(each for each in found if each.kind == offers.RECIPE)
    suites = tuple(each for each in found if each.kind == offers.SUITE) if kind == "evaluate" else ()
    like = order_again.first(viewer, kind, asked.get("like", ""))
    recipe = _chosen(recipes, asked.get("recipe") or like.get("recipe", ""), repo.task_of(place.repo))
    given = _first(viewer, place, asked) | like
    most = next((each.spread for each in listed if each.offer == recipe), 1)
    return Desk(place, kind, recipes, suites, recipe, _form(place, kind, recipe, suites, given, posted, most))


def build(at: Desk) -> OrderPage:
    name = at.place.repo.full_name
    told = at.told() if at.is_filled else None
    task = repo.task_of(at.place.repo)
    shown = [each for each in at.recipes if each == at.recipe or _fits(each, task)]
    return OrderPage(
        title=f"{_VERBS[at.kind]} {name}",
        heading=_VERBS[at.kind],
        kind=at.kind,
        banner=repo.banner(at.place, "order", has_tools=False),
        recipes=tuple(_tab(at, each) for each in shown),
        others=tuple(_tab(at, each) for each in at.recipes if each not in shown),
        about=_about(at),
        form=at.form,
        datasets=_proposed(at.place.viewer, at.place.repo),
        verdict=_verdict(at, told) if told and told["datasets"][0].get("repo") else None,
        lines=order_lines.build(told, base=name, revision=at.place.name) if told else None,
        revision=at.place.name,
    )


def _about(at: Desk) -> str:
    if at.recipe is None or at.kind == "finetune":
        return at.recipe.summary if at.recipe else ""
    return f"{at.recipe.title} predicts, and is scored on the data; suites measure more."


def place_order(at: Desk) -> str:
    """The id of the new job. Raises `OrderRefused` with what stands in the way."""
    job = order(by=at.place.viewer, order=read_order(at.told()))
    return str(job.public_id)


def _verdict(at: Desk, told: Mapping[str, Any]) -> order_verdict.Verdict:
    """What can't even be read is a verdict as well."""
    try:
        found = order_verdict.build(check(at.place.viewer, read_order(told)))
    except HubError as error:
        found = order_verdict.refused(error)
    return order_faults.beside(at.form, found) if at.form else found


def _chosen(recipes: Sequence[Offer], name: str, task: str) -> Offer | None:
    """The one that was asked for, else the first that serves the model's task, else the first."""
    by_name = {each.name: each for each in recipes}
    fitting = [each for each in recipes if _fits(each, task)]
    return by_name.get(name) or next(iter([*fitting, *recipes]), None)


def _fits(offer: Offer, task: str) -> bool:
    return not task or task in offer.tasks


def _form(
    place: repo.Place,
    kind: str,
    recipe: Offer | None,
    suites: Sequence[Offer],
    given: Mapping[str, Any],
    posted: Any,
    most: int,
) -> OrderForm | None:
    if recipe is None:
        return None
    made: dict[str, Any] = {"offers": [recipe], "most": most}
    if kind == "evaluate":
        named = set(posted.getlist("suites") if posted else given["suites"])
        task = repo.task_of(place.repo)
        fitting = [each for each in suites if not each.tasks or _fits(each, task) or each.name in named]
        made = {"offers": [recipe, *fitting], "chosen": named}
    form: type[OrderForm] = EvaluateForm if kind == "evaluate" else FinetuneForm
    return form(posted, **made) if posted else filled(form, given, **made)


def _first(viewer: Viewer, place: repo.Place, asked: Mapping[str, str]) -> dict[str, Any]:
    """What the form begins with."""
    given = {name: asked[name][:200] for name in ("dataset", "config", "split", "out", "title") if asked.get(name)}
    suites = [each for each in asked.get("suite", "").split(",") if each]
    return {"out": f"{viewer.name}/{place.repo.name}-tuned", "suites": suites, "seed": 0} | given


def _tab(at: Desk, offer: Offer) -> Tab:
    address = job_links.finetune_url if at.kind == "finetune" else job_links.evaluate_url
    revision = "" if at.place.name == repo.MAIN else at.place.name
    return Tab(offer.title, address(at.place.repo.full_name, recipe=offer.name, revision=revision), offer == at.recipe)


def _proposed(viewer: Viewer, of: Any) -> tuple[tuple[str, str], ...]:
    """Data sets of this task first, then the most pulled ones."""
    task = repo.task_of(of)
    fitting = (
        catalog.search(viewer, SearchQuery(kind="dataset", chosen={"task": (task,)}, limit=_PROPOSED)).hits
        if task
        else ()
    )
    others = catalog.search(viewer, SearchQuery(kind="dataset", limit=_PROPOSED)).hits
    found = {hit.repo.full_name: hit.repo for hit in (*fitting, *others)}
    return tuple((name, _summary(each)) for name, each in list(found.items())[:_PROPOSED])


def _summary(of: Any) -> str:
    card = getattr(of, "card", None)
    return card.summary if card else ""
