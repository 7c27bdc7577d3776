"""What governance refuses, and why."""

from hub.core.errors import Conflict, Forbidden, HubError, InvalidInput


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
