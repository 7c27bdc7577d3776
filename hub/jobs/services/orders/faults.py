"""What is in the way of an order as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.jobs.faults import Fault
from hub.jobs.orders import MOST_DEVICES, Order
from hub.jobs.selectors import learned
from hub.jobs.selectors.budgets import BudgetAt
from hub.jobs.selectors.offers import RECIPE, OfferAt
from hub.jobs.services.orders.asked import roles_of
from hub.jobs.services.orders.outcome import Outcome
from hub.jobs.services.orders.sources import FoundData, FoundModel
from workers.contract import Code, Kind

_ELSEWHERE = "Measure on a split that it did not learn from, or on the rows that its training held out."


def of_shape(
    order: Order, offers: Sequence[OfferAt], models: Sequence[FoundModel], data: Sequence[FoundData]
) -> list[Fault]:
    """What is missing from the order as a whole, or doesn't go together."""
    found = []
    is_optional = all(each.offer.base_is_optional for each in offers)
    if order.kind == Kind.RANK and not order.candidates:
        found.append(Fault("candidates", Code.BAD_SPEC, "There are no models to rank.", "Name some candidates."))
    if order.kind != Kind.RANK and not order.base and not (order.is_finetune and is_optional):
        found.append(Fault("base", Code.BAD_SPEC, "No model is named.", "Name the model as owner/name."))
    needs_rows = order.kind != Kind.EVALUATE or any(role.is_required for role in roles_of(offers))
    if needs_rows and not order.datasets:
        found.append(Fault("datasets", Code.BAD_SPEC, "No data set is named.", "Name one as owner/name."))
    if order.is_finetune and data and all(each.wanted.role == "test" for each in data):
        found.append(
            Fault("datasets", Code.BAD_SPEC, "There is no data to train on.", "Give one the role train or both.")
        )
    return [*found, *_of_needs(order, offers, models)]


def _of_needs(order: Order, offers: Sequence[OfferAt], models: Sequence[FoundModel]) -> list[Fault]:
    found = []
    param = "candidates" if order.kind == Kind.RANK else "base"
    for each, model in ((each.offer, model) for each in offers for model in models):
        if each.needs and model.library and model.library not in each.needs:
            text = f"{each.title} needs a model of {' or '.join(each.needs)}; {model.name} is of {model.library}."
            found.append(Fault(param, Code.MODEL_NOT_SUPPORTED, text, "Use another model or another recipe."))
        elif each.kind == RECIPE and each.tasks and model.task and model.task not in each.tasks:
            text = f"{model.name} was made for {model.task}, and {each.title} trains for {' or '.join(each.tasks)}."
            is_warning = order.is_finetune
            found.append(Fault(param, Code.MODEL_NOT_SUPPORTED, text, "", is_warning=is_warning))
    return found


def of_limits(viewer: Viewer, order: Order) -> list[Fault]:
    found = []
    if order.max_seconds and not 0 < order.max_seconds <= settings.JOB_MAX_SECONDS:
        text = f"A job runs for {settings.JOB_MAX_SECONDS:,} seconds at most."
        found.append(Fault("max_seconds", Code.BAD_SPEC, text, "Give it less time."))
    if order.priority > 0 and not viewer.is_admin:
        found.append(
            Fault("priority", "forbidden", "Only an administrator lets a job go first.", "Leave priority at 0.")
        )
    if abs(order.priority) > 100:
        found.append(Fault("priority", Code.BAD_SPEC, "A priority is between -100 and 100.", "Choose one of those."))
    return found


def of_spread(order: Order, offers: Sequence[OfferAt], config: Mapping[str, Any]) -> list[Fault]:
    """What is in the way of training on several devices at once."""
    if not 0 <= order.gpus <= MOST_DEVICES:
        text = f"A job has from 1 to {MOST_DEVICES} devices."
        return [Fault("gpus", Code.BAD_SPEC, text, "Choose as many.")]
    if order.devices == 1 or not offers:
        return []
    if not order.is_finetune:
        return [Fault("gpus", Code.BAD_SPEC, "Only a fine-tune has several devices.", "Order it with one.")]
    if not offers[0].offer.spreads:
        text = f"{offers[0].offer.title} trains on one device."
        return [Fault("gpus", Code.BAD_SPEC, text, "Order it with one.")]
    return _of_shares(int(config.get("batch_size") or order.devices), order.devices)


def _of_shares(batch: int, devices: int) -> list[Fault]:
    """The batch is one of all devices together, so that a result is worth the same on one."""
    if batch % devices == 0:
        return []
    text = f"A batch of {batch} can't be shared alike by {devices} devices."
    near = {batch // devices * devices, -(-batch // devices) * devices} - {0}
    advice = f"Take {' or '.join(map(str, sorted(near)))}."
    return [Fault("config.batch_size", Code.BAD_SPEC, text, advice)]


def of_budget(outcome: Outcome, budget: BudgetAt | None) -> list[Fault]:
    if budget is None or not budget.is_spent:
        return []
    text = f"{outcome.owner.name} has used its {budget.limit:,} seconds of {budget.device.value} for these thirty days."
    return [Fault("owner", "over_budget", text, "Wait, or ask an administrator of this hub for more.")]


def of_learned(order: Order, models: Sequence[FoundModel], data: Sequence[FoundData]) -> list[Fault]:
    """Nothing is in the way: a number that is too good is to be known as one."""
    spec = {"kind": order.kind, "recipe": order.recipe, "seed": order.seed, "from_scratch": order.from_scratch}
    spec |= {"base": models[0].source.to_json() if models else None}
    told = learned.cautions({**spec, "datasets": [each.source.to_json() for each in data]})
    return [Fault("datasets", "learned_before", text, _ELSEWHERE, is_warning=True) for text in told]
