"""What an order names, looked up: offers, their config, models and data sets. Each answer comes with its faults."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.config import checked
from hub.jobs.faults import Fault
from hub.jobs.orders import Data, Order
from hub.jobs.selectors.offers import RANKING, RECIPE, SUITE, OfferAt, find_offer
from hub.jobs.services.orders.sources import FoundData, FoundModel, find_data, find_model, with_splits
from workers.contract import Code, ColumnRole, Kind

_OFFERS = "/api/headstart/offers"
_EACH = 'Write its options as an object: {"SUITE": {"OPTION": value}}.'


def offers_of(order: Order) -> tuple[list[OfferAt], list[Fault]]:
    """The recipe or the ranking first, then the suites."""
    kind = RANKING if order.kind == Kind.RANK else RECIPE
    wanted = [(kind, order.recipe, "recipe")] if order.recipe else []
    wanted += [(SUITE, name, "suites") for name in order.suites]
    found = [(find_offer(kind, name), name, param) for kind, name, param in wanted]
    faults = [_not_offered(param, name) for offer, name, param in found if offer is None]
    if not order.recipe and order.kind != Kind.EVALUATE:
        faults.append(Fault("recipe", Code.BAD_SPEC, "No recipe is named.", f"Name one of those at {_OFFERS}."))
    if not wanted and order.kind == Kind.EVALUATE:
        faults.append(Fault("suites", Code.BAD_SPEC, "Neither a suite nor a recipe is named.", "Name what to measure."))
    return [offer for offer, _, _ in found if offer], faults


def _not_offered(param: str, name: str) -> Fault:
    return Fault(param, "not_offered", f"No worker of this hub offers {name!r}.", f"Choose one of those at {_OFFERS}.")


def config_of(order: Order, offers: Sequence[OfferAt]) -> tuple[dict[str, Any], list[Fault]]:
    if order.kind != Kind.EVALUATE:
        main = [each.offer for each in offers if each.offer.name == order.recipe]
        return checked(main[0].options, order.config) if main else (dict(order.config), [])
    found: dict[str, Any] = {}
    names = [each.offer.name for each in offers]
    listed = ", ".join(names) or "none"
    faults = [
        Fault(f"config.{name}", Code.BAD_SPEC, f"The order has no suite {name!r}.", f"It has: {listed}.")
        for name in order.config
        if name not in names
    ]
    for each in offers:
        given = order.config.get(each.offer.name) or {}
        if not isinstance(given, dict):
            faults.append(Fault(f"config.{each.offer.name}", Code.BAD_SPEC, "A suite's config is an object.", _EACH))
            continue
        found[each.offer.name], more = checked(each.offer.options, given, at=f"config.{each.offer.name}")
        faults += more
    return found, faults


def models_of(viewer: Viewer, order: Order) -> tuple[list[FoundModel], list[Fault]]:
    params = [*(["base"] if order.base else []), *["candidates"] * len(order.candidates)]
    found = [
        find_model(viewer, each, param=param, purpose=order.purpose, from_scratch=order.from_scratch)
        for each, param in zip(order.models, params, strict=True)
    ]
    return [each for each in found if isinstance(each, FoundModel)], [each for each in found if isinstance(each, Fault)]


def data_of(viewer: Viewer, order: Order, roles: Sequence[ColumnRole]) -> tuple[list[FoundData], list[Fault]]:
    every = [part for each in order.datasets for part in _parts(viewer, order, each)]
    found = [
        find_data(viewer, each, _asked_of(each, order, roles), param="datasets", purpose=order.purpose)
        for each in every
    ]
    return [each for each in found if isinstance(each, FoundData)], [each for each in found if isinstance(each, Fault)]


def _asked_of(each: Data, order: Order, roles: Sequence[ColumnRole]) -> Sequence[ColumnRole]:
    """Rows that models were made with are only looked at, and may have no label."""
    is_home = order.kind == Kind.RANK and each.role == "train"
    return [replace(role, is_required=False) for role in roles] if is_home else roles


def _parts(viewer: Viewer, order: Order, data: Data) -> list[Data]:
    """The only one may be taken apart by its splits; several say what each is for, or are of the usual role. Of a
    ranking each is one split: rows to rank by, or (role train) such as the models were made with."""
    if len(order.datasets) == 1 or order.kind == Kind.RANK:
        return with_splits(viewer, data, kind=order.kind)
    return [replace(data, role=data.role or ("train" if order.is_finetune else "test"))]


def roles_of(offers: Sequence[OfferAt]) -> list[ColumnRole]:
    """Of all that was ordered, each role once: required where one of them requires it."""
    found: dict[str, ColumnRole] = {}
    for role in (role for each in offers for role in each.offer.columns):
        known = found.get(role.name)
        found[role.name] = role if known is None else replace(known, is_required=known.is_required or role.is_required)
    return list(found.values())
