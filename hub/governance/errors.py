"""What governance refuses, and why."""

from collections.abc import Iterable

from hub.core.errors import Conflict, Forbidden, HubError, InvalidInput, Unprocessable


class RevisionNotReviewed(HubError):
    """This revision has no governance record."""

    code = "revision_not_reviewed"
    status = 404


class NotAReviewer(Forbidden):
    """Only a reviewer of this domain may decide on it."""

    code = "not_a_reviewer"


class SeparationOfDuties(Forbidden):
    """Somebody else must decide this."""

    code = "separation_of_duties"


class TransitionRefused(Conflict):
    """The review doesn't stand where this step starts from, or a guard of the step doesn't hold."""

    code = "transition_refused"


class BindingChanged(Conflict):
    """What you decided on has changed since you looked at it. Look again, then decide."""

    code = "binding_changed"


class PurposesApart(Conflict):
    """The decisions of a revision leave no purpose that all of them allow."""

    code = "purposes_apart"

    def __init__(self, one: Iterable[str], other: Iterable[str]) -> None:
        told = " and ".join(f"for “{', '.join(each)}” alone" for each in (one, other))
        super().__init__(f"Decisions that hold here are {told}: no purpose is left. Name one that all allow, or none.")


class LicenceNotFound(HubError):
    """The table of licences has no such row."""

    code = "licence_not_found"
    status = 404


class InvalidRecord(Unprocessable):
    """The record doesn't fit its schema. `detail["problems"]` has each fault as (path, message)."""

    code = "invalid_record"


class FindingNotFound(HubError):
    """There is no such finding."""

    code = "finding_not_found"
    status = 404


class NotClosable(Conflict):
    """A finding that was measured closes by a newer measurement on the same suite, or by a waiver, and by no words."""

    code = "finding_not_closable"


class PullDenied(Forbidden):
    """The rules for pulls deny this. `detail`: the rules' codes, and the decision itself."""

    code = "policy_denied"


class NoSuchProfile(HubError):
    """There is no such profile that you may use."""

    code = "no_such_profile"
    status = 404


class NoSuchRule(HubError):
    """There is no such rule. The list of rules has all of them."""

    code = "no_such_rule"
    status = 404


class WaiverNotFound(HubError):
    """There is no such waiver that you may see."""

    code = "waiver_not_found"
    status = 404


class RecallNotFound(HubError):
    """There is no such recall that you may see."""

    code = "recall_not_found"
    status = 404


class WaiverRefused(Conflict):
    """This exception can't be asked for, granted or ended as things stand."""

    code = "waiver_refused"


class NotGated(InvalidInput):
    """This repository is not gated: whoever can see it can pull it."""

    code = "not_gated"


class HasAccess(InvalidInput):
    """They may read this repository already."""

    code = "has_access"


class NoAccessRequest(HubError):
    """There is no such request for access to this repository."""

    code = "no_access_request"
    status = 404


class TextChanged(Conflict):
    """The licence text is not the one that you were shown. Read it again, then accept it."""

    code = "text_changed"


class PlanNotFound(HubError):
    """This revision has no such change plan."""

    code = "plan_not_found"
    status = 404
