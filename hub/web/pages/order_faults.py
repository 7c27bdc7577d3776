"""What the hub makes of an order, said beside the field of the form that it is about."""

from dataclasses import replace

from hub.web.order_form import COLUMN, OPTION, OrderForm
from hub.web.pages.order_verdict import Fault, Verdict

_FIELDS = {"datasets": "dataset", "candidates": "others"}


def beside(form: OrderForm, verdict: Verdict) -> Verdict:
    """The verdict, with the place of each fault in the form; the fields say it too, and which column is used."""
    form.use(dict(verdict.used))
    return replace(verdict, faults=tuple(_placed(form, each) for each in verdict.faults))


def _placed(form: OrderForm, fault: Fault) -> Fault:
    name = _field(form, fault.param)
    if not name:
        return fault
    form.add_error(name, f"{fault.message} {fault.advice}".strip())
    return replace(fault, anchor=f"#{form[name].id_for_label or form[name].auto_id}")


def _field(form: OrderForm, param: str) -> str:
    """Empty where the form has none for it."""
    first, _, rest = param.partition(".")
    names = {
        "columns": [COLUMN + rest],
        "config": [f"{OPTION}{form.offers[0].name}-{rest}", OPTION + rest.replace(".", "-")],
    }
    return next((name for name in names.get(first, [_FIELDS.get(first, first)]) if name in form.fields), "")
