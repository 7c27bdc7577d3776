"""The one signal between the parts: something that a review rests on has changed."""

from collections.abc import Iterable

from hub.core.tasks import enqueue
from hub.governance.models import PolicyChange, Revision


def changed(revision: Revision, domains: Iterable[str], *, by: str, what: str) -> None:
    """Call it inside the transaction that changes a record, a finding, a scan or a licence of this revision.

    Soon after, the review compares the binding's parts anew: what was approved on other evidence opens again, what
    closed by itself closes, and the facts for pulls are read again. `what` says in a few words what happened.
    """
    PolicyChange.objects.create(kind=PolicyChange.Kind.EVIDENCE, subject=f"revision {revision.pk}", by=by)
    enqueue("governance.evidence_changed", revision=revision.pk, domains=sorted(set(domains)), by=by, what=what)
