"""How much device time an account may take."""

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import Forbidden, InvalidInput
from hub.core.transactions import write_transaction
from hub.jobs.errors import OverBudget
from hub.jobs.models import Budget
from hub.jobs.selectors.budgets import BudgetAt, budget_of
from workers.contract import DeviceClass


def set_budget(*, by: Viewer, owner: Namespace, device: str, seconds: int | None) -> BudgetAt:
    """So many device seconds in thirty days on that class; None: as the settings say. For administrators."""
    if not by.is_admin:
        raise Forbidden("Only an administrator of this hub sets budgets. Ask one.")
    if device not in tuple(DeviceClass) or (seconds is not None and seconds < 0):
        raise InvalidInput(f"A budget takes a device class ({', '.join(DeviceClass)}) and seconds from 0 on.")
    with write_transaction():
        if seconds is None:
            Budget.objects.filter(owner=owner, device_class=device).delete()
        else:
            told = {"seconds": seconds, "set_by": by.name or "system", "set_at": clock.now()}
            Budget.objects.update_or_create(owner=owner, device_class=device, defaults=told)
        record(by=by.name, action="budget.set", subject=owner.name, device=device, seconds=seconds)
    return budget_of(owner, DeviceClass(device))


def check_budget(owner: Namespace, device: DeviceClass) -> BudgetAt:
    """Raises `OverBudget` once the account's time is used up."""
    budget = budget_of(owner, device)
    if budget.is_spent:
        raise OverBudget(
            f"{owner.name} has used its {budget.limit} seconds of {device.value} for these thirty days. Wait, or ask"
            " an administrator of this hub for more."
        )
    return budget
