"""Set from which measured difference on a finding is how grave."""

from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record as log
from hub.core.transactions import write_transaction
from hub.governance.models import SeverityThresholds
from hub.governance.permissions import check_governor
from hub.governance.records.schema import Problem
from hub.governance.records.severity import checked_thresholds
from hub.governance.services import records


def change(*, by: Viewer, body: Any, reason: str) -> SeverityThresholds:
    """Before: an administrator wants other thresholds. After: a new version holds for what is filed or changed from
    now on; findings that are there keep their severity until somebody touches them. Raises `InvalidRecord`."""
    check_governor(by, "change the severity thresholds")
    value, faults = checked_thresholds(body)
    problems = [Problem(*fault.split(": ", 1)) for fault in faults]
    records.check([*problems, *([] if reason.strip() else [Problem("reason", "is missing: say why they change.")])])
    with write_transaction():
        last = SeverityThresholds.objects.select_for_update().order_by("-number").first()
        number = last.number + 1 if last else 1
        made = SeverityThresholds.objects.create(number=number, body=value, by=by.name or "system", reason=reason)
        log(by=by.name or "system", action="thresholds.change", subject="severity-thresholds", number=number)
    return made
