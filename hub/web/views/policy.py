"""Rules, profiles, waivers and the log of pulls."""

from django.http import HttpRequest, HttpResponse

from hub.accounts.viewer import Viewer
from hub.web.pages import policy_profiles, policy_pulls, policy_rules, policy_waivers
from hub.web.pages.sheet import Done, Table
from hub.web.views.sheets import answered, redirected, shown
from hub.web.views.social import offset_of


def rules(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    form = policy_rules.new_form(request.POST or None)
    done = policy_rules.make(viewer, form) if request.POST else None
    return answered(request, done) or shown(request, policy_rules.build_list(viewer, form))


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
    return answered(request, done) or shown(request, page, is_fine=bool(tried))


def profiles(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    if request.POST.get("action") == "delete":
        return redirected(request, policy_profiles.delete(viewer, request.POST.get("key", "")))
    form = policy_profiles.form_of(viewer, request.POST or None)
    done = policy_profiles.save(viewer, form) if request.POST else None
    return answered(request, done) or shown(request, policy_profiles.build(viewer, form))


def profile(request: HttpRequest, viewer: Viewer, pk: int) -> HttpResponse:
    found = policy_profiles.find(viewer, str(pk))
    form = policy_profiles.form_of(viewer, request.POST or None, found)
    done = policy_profiles.save(viewer, form, found) if request.POST else None
    return answered(request, done) or shown(request, policy_profiles.build(viewer, form, found))


def waivers(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    action, key = request.POST.get("action", ""), request.POST.get("key", "")
    if action in ("grant", "end"):
        done = (policy_waivers.grant if action == "grant" else policy_waivers.end)(viewer, key)
        return redirected(request, done)
    form = policy_waivers.form_of(viewer, request.POST or None, request.GET.dict())
    asked = policy_waivers.ask(viewer, form) if action == "ask" else None
    return answered(request, asked) or shown(request, policy_waivers.build(viewer, form))


def pulls(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    asked = {name: value for name, value in request.GET.dict().items() if name != "from"}
    return shown(request, policy_pulls.build(viewer, asked, offset=offset_of(request)))
