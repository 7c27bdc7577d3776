"""Order a ranking from a data set's page: which model to start a fine-tune from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.core.errors import HubError, InvalidInput
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import offers
from hub.jobs.services.orders import check, order
from hub.web.pages import order_again, order_faults, order_lines, order_verdict, rank_models, repo
from hub.web.rank_form import RankForm
from workers.contract import Offer


@dataclass(frozen=True)
class RankPage:
    title: str
    banner: repo.Banner
    about: str
    form: RankForm | None
    verdict: order_verdict.Verdict | None
    lines: order_lines.Lines | None


@dataclass(frozen=True)
class Desk:
    """One visit to the form: the data set, and what was filled in."""

    place: repo.Place
    offer: Offer | None
    form: RankForm | None

    def told(self) -> dict[str, Any]:
        """The order as the API takes it, on the data as they are now."""
        if self.form is None:
            raise InvalidInput("No worker ranks models, so nothing can be ordered.")
        self.form.is_valid()
        told = self.form.told()
        told["datasets"][0]["revision"] = self.place.revision.commit
        return told


def desk(viewer: Viewer, address: repo.Address, asked: Mapping[str, str], posted: Any) -> Desk:
    """`asked`: of the address, `posted`: of the form."""
    place = repo.find(viewer, address)
    offer = next((each.offer for each in offers.list_offers(kind=offers.RANKING)), None)
    if offer is None:
        return Desk(place, None, None)
    given = _first(asked, offer) | order_again.first_ranking(viewer, asked.get("like", ""))
    made = {"offers": [offer], "full_name": place.repo.full_name, "models": rank_models.proposed(viewer, place, offer)}
    return Desk(place, offer, RankForm(posted or given, **made))


def build(at: Desk) -> RankPage:
    name = at.place.repo.full_name
    told = at.told() if at.form else None
    return RankPage(
        title=f"A model for {name}",
        banner=repo.banner(at.place, "order", has_tools=False),
        about=at.offer.summary if at.offer else "",
        form=at.form,
        verdict=_verdict(at, told) if told else None,
        lines=order_lines.of_ranking(told) if told and told["candidates"] else None,
    )


def place_order(at: Desk) -> str:
    """The id of the new job. Raises `OrderRefused` with what stands in the way."""
    return str(order(by=at.place.viewer, order=read_order(at.told())).public_id)


def _verdict(at: Desk, told: Mapping[str, Any]) -> order_verdict.Verdict:
    """What can't even be read is a verdict as well."""
    try:
        found = order_verdict.build(check(at.place.viewer, read_order(told)))
    except HubError as error:
        found = order_verdict.refused(error)
    return order_faults.beside(at.form, found) if at.form else found


def _first(asked: Mapping[str, str], offer: Offer) -> dict[str, Any]:
    """What the form begins with: no model but those that the address names."""
    given = {name: asked[name][:200] for name in ("home", "config", "split", "title") if asked.get(name)}
    usual = {f"option-{offer.name}-{each.name}": each.default for each in offer.options}
    return {"others": asked.get("candidates", "")[:2_000], "seed": 0} | usual | given
