"""All there is to say on an order before it is one: what it means, what it takes, what is in its way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.accounts.models import AccessToken
from hub.accounts.viewer import Viewer
from hub.core.errors import Forbidden, NotSignedIn
from hub.jobs.estimates import Facts, facts_from, is_adapter
from hub.jobs.faults import Fault
from hub.jobs.orders import Order
from hub.jobs.selectors.budgets import BudgetAt, budget_of
from hub.jobs.selectors.offers import OfferAt
from hub.jobs.services.loans import is_lent
from hub.jobs.services.orders.asked import config_of, data_of, models_of, offers_of, roles_of
from hub.jobs.services.orders.faults import of_budget, of_learned, of_limits, of_shape, of_spread
from hub.jobs.services.orders.needs import Needs, needs_of
from hub.jobs.services.orders.outcome import Outcome, outcome_of
from hub.jobs.services.orders.sources import Found, FoundData, FoundModel
from hub.jobs.services.orders.terms import Terms, terms_for
from workers.contract import Kind


@dataclass(frozen=True)
class Picture:
    """`config` as checked, with every default. `terms` are of fine-tunes. Faults are in the way, warnings aren't."""

    order: Order
    offers: tuple[OfferAt, ...]
    models: tuple[FoundModel, ...]
    data: tuple[FoundData, ...]
    config: dict[str, Any]
    outcome: Outcome
    terms: Terms | None
    needs: Needs | None
    budget: BudgetAt | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]

    @property
    def base(self) -> FoundModel | None:
        return self.models[0] if self.order.base and self.models else None

    @property
    def title(self) -> str:
        """The order's, else what is done to what."""
        if self.order.title:
            return self.order.title
        names = [each.repo.name for each in self.models]
        on = " on " + ", ".join(dict.fromkeys(each.repo.name for each in self.data)) if self.data else ""
        if self.order.kind == Kind.RANK:
            return f"Ranking of {len(names)} models{on}"[:200]
        what = "Fine-tune of" if self.order.is_finetune else "Evaluation of"
        return f"{what} {names[0] if names else self.order.recipe}{on}"[:200]

    @property
    def recipe(self) -> OfferAt | None:
        return next((each for each in self.offers if each.offer.name == self.order.recipe), None)


def picture_of(viewer: Viewer, order: Order) -> Picture:
    """Raises `NotSignedIn` and `Forbidden` where the viewer may order nothing at all; writes nothing."""
    check_orderer(viewer)
    offers, faults = offers_of(order)
    config, more = config_of(order, offers)
    models, of_models = models_of(viewer, order)
    data, of_data = data_of(viewer, order, roles_of(offers))
    sources: list[Found] = [*models, *data]
    faults += [*more, *of_models, *of_data, *of_shape(order, offers, models, data), *of_limits(viewer, order)]
    faults += of_spread(order, offers, config)
    outcome = outcome_of(viewer, order, sources)
    terms = _terms(viewer, order, config, models, data, outcome)
    needs = _needs(order, offers, config, models, data) if offers else None
    budget = budget_of(outcome.owner, needs.device) if needs and outcome.owner.pk else None
    told = [
        *faults,
        *(fault for each in sources for fault in each.faults),
        *outcome.faults,
        *of_budget(outcome, budget),
    ]
    told += [*(terms.faults if terms else ()), *(needs.faults if needs else ()), *of_learned(order, models, data)]
    told = list(dict.fromkeys(told))
    return Picture(
        order=order,
        offers=tuple(offers),
        models=tuple(models),
        data=tuple(data),
        config=config,
        outcome=outcome,
        terms=terms,
        needs=needs,
        budget=budget,
        faults=tuple(fault for fault in told if not fault.is_warning),
        warnings=tuple(fault for fault in told if fault.is_warning),
    )


def check_orderer(viewer: Viewer) -> None:
    if viewer.user is None:
        raise NotSignedIn("Sign in, or send an access token, to order a job.")
    if not viewer.scope_includes(AccessToken.Scope.WRITE):
        raise Forbidden("To order a job, a token takes the scope write. Use another token.")
    if is_lent(viewer):
        raise Forbidden("This token was made for a job, which orders no others. Use another token.")


def _terms(
    viewer: Viewer,
    order: Order,
    config: dict[str, Any],
    models: Sequence[FoundModel],
    data: Sequence[FoundData],
    outcome: Outcome,
) -> Terms | None:
    if not order.is_finetune:
        return None
    base = next(iter(models), None)
    is_lora = is_adapter(config) and not order.from_scratch
    return terms_for(viewer, base, data, licence=order.licence, out=outcome.out, is_adapter=is_lora)


def _needs(
    order: Order,
    offers: Sequence[OfferAt],
    config: dict[str, Any],
    models: Sequence[FoundModel],
    data: Sequence[FoundData],
) -> Needs:
    keys = [each.key for each in offers]
    return needs_of(_facts(order, offers[0], config, models, data), keys, device=order.device, priority=order.priority)


def _facts(
    order: Order, main: OfferAt, config: dict[str, Any], models: Sequence[FoundModel], data: Sequence[FoundData]
) -> Facts:
    largest = max(models, key=lambda each: each.parameters, default=None)
    rows = [each.shown.total for each in data if not order.is_finetune or each.wanted.role != "test"]
    options = config.get(main.offer.name, {}) if order.kind == Kind.EVALUATE else config
    return facts_from(
        options,
        formula=main.offer.memory,
        parameters=largest.parameters if largest else 0,
        shape=largest.shape if largest else None,
        rows=sum(each or 0 for each in rows) if rows and None not in rows else None,
        columns=max((len(each.shown.columns) for each in data), default=1),
        is_training=order.is_finetune,
        devices=order.devices,
    )
