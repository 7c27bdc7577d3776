"""Rules, profiles, waivers, recalls and the log of pulls."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.web.pages import policy_profiles, policy_pulls, policy_recalls, policy_rules, policy_waivers
from hub.web.pages.sheet import Done, SheetPage, Table
from hub.web.views.social import offset_of


def rules(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = policy_rules.new_form(request.POST or None)
    done = policy_rules.make(viewer, form) if request.POST else None
    return _answer(request, done) or _page(request, policy_rules.build_list(viewer, form))


def rule(request: HttpRequest, viewer: Viewer, code: str) -> HttpResponse:
    found, action = policy_rules.find(code), request.POST.get("action", "")
    forms = policy_rules.forms_of(found, action, request.POST)
    done: Done | None = None
    tried: tuple[Table, ...] = ()
    if action == "save":
        done = policy_rules.save(viewer, found, forms["save"])
    elif action == "mode":
        done = policy_rules.set_mode(viewer, found, forms["mode"])
    elif action in ("try", "try-mode"):
        tried = policy_rules.trial(viewer, found, action, forms)
    page = policy_rules.build(viewer, found, forms, tried)
    return _answer(request, done) or _page(request, page, is_fine=bool(tried))


def profiles(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.POST.get("action") == "delete":
        return _go(request, policy_profiles.delete(viewer, request.POST.get("key", "")))
    form = policy_profiles.form_of(viewer, request.POST or None)
    done = policy_profiles.save(viewer, form) if request.POST else None
    return _answer(request, done) or _page(request, policy_profiles.build(viewer, form))


def profile(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    found = policy_profiles.find(viewer, str(pk))
    form = policy_profiles.form_of(viewer, request.POST or None, found)
    done = policy_profiles.save(viewer, form, found) if request.POST else None
    return _answer(request, done) or _page(request, policy_profiles.build(viewer, form, found))


def waivers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    action, key = request.POST.get("action", ""), request.POST.get("key", "")
    if action in ("grant", "end"):
        done = (policy_waivers.grant if action == "grant" else policy_waivers.end)(viewer, key)
        return _go(request, done)
    form = policy_waivers.form_of(viewer, request.POST or None, request.GET.dict())
    asked = policy_waivers.ask(viewer, form) if action == "ask" else None
    return _answer(request, asked) or _page(request, policy_waivers.build(viewer, form))


def recalls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    action = request.POST.get("action", "")
    form = policy_recalls.form_of(request.POST or None, request.GET.dict())
    done = policy_recalls.recall(viewer, form) if action == "recall" else None
    previewed = policy_recalls.preview(viewer, form) if action == "preview" else ()
    if done:
        return _go(request, done)
    return _page(request, policy_recalls.build_list(viewer, form, previewed), is_fine=bool(previewed))


def recall(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    found = policy_recalls.find(viewer, pk)
    if request.method == "POST":
        if request.POST.get("action") != "lift":
            raise InvalidInput("This form can't do that. Load the page again.")
        return _go(request, policy_recalls.lift(viewer, found))
    return _page(request, policy_recalls.build(found))


def my_recalls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    is_sent = request.POST.get("action") == "answer"
    form = policy_recalls.answer_form(request.POST if is_sent else None)
    done = policy_recalls.answer(viewer, form) if is_sent else None
    page = policy_recalls.build_mine(viewer, form, request.POST.get("key", ""))
    return _answer(request, done) or _page(request, page, is_fine=not is_sent)


def pulls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    asked = {name: value for name, value in request.GET.dict().items() if name != "from"}
    return _page(request, policy_pulls.build(viewer, asked, offset=offset_of(request)))


def _answer(request: HttpRequest, done: Done | None) -> HttpResponse | None:
    return _go(request, done) if done else None


def _go(request: HttpRequest, done: Done) -> HttpResponse:
    messages.success(request, done.words)
    return redirect(done.url)


def _page(request: HttpRequest, page: SheetPage, *, is_fine: bool = False) -> HttpResponse:
    status = 422 if request.method == "POST" and not is_fine else 200
    return render(request, "web/governance/sheet.html", {"page": page}, status=status)
