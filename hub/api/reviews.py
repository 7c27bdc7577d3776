"""The review of one commit: what is known, what was decided, and every step that a person may take.

Each step answers with the review as it is then.
"""

from collections.abc import Callable
from typing import Any, ClassVar

import orjson
from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.api import review_shapes as shapes
from hub.api.auth import viewer_of
from hub.catalog import selectors as catalog
from hub.governance.selectors import reviews as selectors
from hub.governance.services import reviews

Act = Callable[[Viewer, Any, dict[str, Any]], Any]


class Review(APIView):
    """Where the review of a commit stands. `commit` is a commit, a branch or a tag."""

    kind: ClassVar[str] = "model"

    def get(self, request: Request, owner: str, name: str, commit: str) -> HttpResponse:
        viewer = viewer_of(request)
        return _answer(viewer, _revision(viewer, self.kind, owner, name, commit))


class Step(APIView):
    """A step of a review."""

    kind: ClassVar[str] = "model"
    serializer: ClassVar[type[Any]]
    act: ClassVar[Act]

    def post(self, request: Request, owner: str, name: str, commit: str) -> HttpResponse:
        viewer = viewer_of(request)
        revision = _revision(viewer, self.kind, owner, name, commit)
        given = self.serializer(data=request.data)
        given.is_valid(raise_exception=True)
        type(self).act(viewer, revision, given.validated_data)
        return _answer(viewer, selectors.fresh(revision.pk))


def _assign(viewer: Viewer, revision: Any, given: dict[str, Any]) -> None:
    to = accounts.find_user(given["to"]) if given["to"] else None
    reviews.assign(by=viewer, revision=revision, to=to)


# Name, what is sent, what it does, and what the schema says of it.
STEPS: tuple[tuple[str, type[Any], Act, str], ...] = (
    (
        "submit",
        shapes.TextSerializer,
        lambda by, at, given: reviews.submit(by=by, revision=at, message=given["text"]),
        "Ask for a review. The error says what is missing.",
    ),
    (
        "withdraw",
        shapes.TextSerializer,
        lambda by, at, given: reviews.withdraw(by=by, revision=at, reason=given["text"]),
        "Take the request for a review back.",
    ),
    (
        "resume",
        shapes.TextSerializer,
        lambda by, at, given: reviews.resume(by=by, revision=at, reason=given["text"]),
        "Make what was withdrawn ready to be submitted.",
    ),
    (
        "ask",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.ask(by=by, revision=at, question=given["reason"]),
        "Ask the owner something before going on.",
    ),
    (
        "answer",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.answer_info(by=by, revision=at, answer=given["reason"]),
        "Answer as the owner: the review goes on.",
    ),
    (
        "comment",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.comment(by=by, revision=at, text=given["reason"]),
        "Say something that moves nothing.",
    ),
    ("assign", shapes.AssignSerializer, _assign, "Give the review to a reviewer."),
    (
        "tier",
        shapes.TierSerializer,
        lambda by, at, given: reviews.set_tier(by=by, revision=at, **given),
        "Say how much is at stake.",
    ),
    (
        "decide",
        shapes.DecideSerializer,
        lambda by, at, given: reviews.decide(by=by, revision=at, **given),
        "Decide on one domain, on what `binding` names. 409 `binding_changed` when that has changed.",
    ),
    (
        "sign-off",
        shapes.BoundSerializer,
        lambda by, at, given: reviews.sign_off(by=by, revision=at, **given),
        "Sign off as the owner; tier 4 takes it.",
    ),
    (
        "suspend",
        shapes.SuspendSerializer,
        lambda by, at, given: reviews.suspend(by=by, revision=at, **given),
        "Stop pulls that ask for an approval.",
    ),
    (
        "reinstate",
        shapes.BoundSerializer,
        lambda by, at, given: reviews.reinstate(by=by, revision=at, **given),
        "Let the approval hold again, on the same evidence.",
    ),
    (
        "reopen",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.reopen_review(by=by, revision=at, reason=given["reason"]),
        "Review again what is suspended.",
    ),
    (
        "renew",
        shapes.TextSerializer,
        lambda by, at, given: reviews.renew(by=by, revision=at, reason=given["text"]),
        "Review again what expired.",
    ),
    (
        "retire",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.retire(by=by, revision=at, reason=given["reason"]),
        "Take an approved revision out of service.",
    ),
    (
        "revoke",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.revoke(by=by, revision=at, reason=given["reason"]),
        "Withdraw an approval for good: takes two administrators, one after the other.",
    ),
    (
        "reject",
        shapes.ReasonSerializer,
        lambda by, at, given: reviews.reject_quarantined(by=by, revision=at, reason=given["reason"]),
        "Confirm what the scanners said of a quarantined revision.",
    ),
)


def urls() -> list[URLPattern]:
    """The addresses of models and of data sets."""
    found = []
    for folder, kind in (("models", "model"), ("datasets", "dataset")):
        base = f"{folder}/<str:owner>/<str:name>/reviews/<str:commit>"
        schema = extend_schema(responses=shapes.ReviewSerializer, operation_id=f"{kind}_review")
        view: Any = schema(type(f"{kind.title()}Review", (Review,), {"kind": kind, "__doc__": Review.__doc__}))
        found.append(path(base, view.as_view(), name=f"api-review-{kind}"))
        found += [_step_path(base, kind, *step) for step in STEPS]
    return found


def _step_path(base: str, kind: str, name: str, serializer: type[Any], act: Act, text: str) -> URLPattern:
    fields = {"kind": kind, "serializer": serializer, "act": staticmethod(act), "__doc__": text}
    view: Any = type(f"{kind.title()}Review{name.title().replace('-', '')}", (Step,), fields)
    operation = f"{kind}_review_{name.replace('-', '_')}"
    schema = extend_schema(request=serializer, responses=shapes.ReviewSerializer, operation_id=operation)
    described: Any = schema(view)
    return path(f"{base}/{name}", described.as_view(), name=f"api-review-{kind}-{name}")


def _revision(viewer: Viewer, kind: str, owner: str, name: str, commit: str) -> Any:
    at = catalog.find_revision(viewer, kind, owner, name, commit)
    return selectors.revision_of(viewer, at.repo, at.commit)


def _answer(viewer: Viewer, revision: Any) -> HttpResponse:
    told = shapes.shape(selectors.picture_of(viewer, revision), selectors.decisions_of(viewer, revision))
    return HttpResponse(orjson.dumps(told), content_type="application/json")
