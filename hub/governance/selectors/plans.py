"""Change plans of a revision, which whoever calls may see."""

from django.db.models import QuerySet

from hub.governance.errors import PlanNotFound
from hub.governance.models import ChangePlan, Revision


def plans_of(revision: Revision) -> QuerySet[ChangePlan]:
    """In the order in which they were proposed, ended ones too."""
    return ChangePlan.objects.filter(revision=revision).order_by("pk")


def plan_of(revision: Revision, number: int) -> ChangePlan:
    plan = plans_of(revision).select_related("revision__repo__owner").filter(pk=number).first()
    if plan is None:
        raise PlanNotFound
    return plan
