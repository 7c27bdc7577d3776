"""An order from JSON: every field that is of the wrong sort, or unknown, is named at once."""

from collections.abc import Mapping
from typing import Any

from hub.jobs.errors import OrderRefused
from hub.jobs.faults import Fault
from hub.jobs.order_shapes import datasets_of, mistyped, unknown, wrong
from hub.jobs.orders import PLAIN, Data, Model, Order


def read_order(told: Any) -> Order:
    """From JSON. `base_revision` goes with `base`; `dataset` (a name or an object) may stand for a list of one.

    Raises `OrderRefused` naming every field that is of the wrong sort or unknown.
    """
    if not isinstance(told, Mapping):
        raise refused([wrong("order", "an object")])
    faults = [*unknown(told), *mistyped(told)]
    if faults:
        raise refused(faults)
    return Order(
        base=_model({"repo": told["base"], "revision": told.get("base_revision") or "main"})
        if told.get("base")
        else None,
        candidates=tuple(_model(each) for each in told.get("candidates") or ()),
        datasets=tuple(_data(each) for each in datasets_of(told)),
        suites=tuple(dict.fromkeys(told.get("suites") or ())),
        **{name: told[name] for name in ("kind", *PLAIN) if told.get(name) is not None},
    )


def refused(faults: list[Fault]) -> OrderRefused:
    """The error that says all of it in its text, and each in `detail["faults"]`."""
    told = " ".join(" ".join(filter(None, (fault.message, fault.advice))) for fault in faults)
    return OrderRefused(f"This job can't be ordered. {told}", faults=[fault.as_dict() for fault in faults])


def _model(each: Any) -> Model:
    return Model(each) if isinstance(each, str) else Model(each["repo"], str(each.get("revision") or "main"))


def _data(each: Any) -> Data:
    if isinstance(each, str):
        return Data(each)
    return Data(**{name: value for name, value in each.items() if value})
