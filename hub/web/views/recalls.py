"""Recalls: for administrators, and what was said to whom."""

from django.http import HttpRequest, HttpResponse

from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.web.pages import policy_recalls
from hub.web.views.sheets import answered, redirected, shown


def recalls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    action = request.POST.get("action", "")
    form = policy_recalls.form_of(request.POST or None, request.GET.dict())
    done = policy_recalls.recall(viewer, form) if action == "recall" else None
    previewed = policy_recalls.preview(viewer, form) if action == "preview" else ()
    if done:
        return redirected(request, done)
    return shown(request, policy_recalls.build_list(viewer, form, previewed), is_fine=bool(previewed))


def recall(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    found = policy_recalls.find(viewer, pk)
    if request.method == "POST":
        if request.POST.get("action") != "lift":
            raise InvalidInput("This form can't do that. Load the page again.")
        return redirected(request, policy_recalls.lift(viewer, found))
    return shown(request, policy_recalls.build(found))


def my_recalls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    is_sent = request.POST.get("action") == "answer"
    form = policy_recalls.answer_form(request.POST if is_sent else None)
    done = policy_recalls.answer(viewer, form) if is_sent else None
    page = policy_recalls.build_mine(viewer, form, request.POST.get("key", ""))
    return answered(request, done) or shown(request, page, is_fine=not is_sent)
