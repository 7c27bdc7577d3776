"""Sign in, sign out, change the password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from hub.accounts.services import change_password
from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.web.forms import PasswordForm, SignInForm
from hub.web.pages.session import KeptPage, PasswordPage, SignInPage, fields_of, kept_in, user_of


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    target, kept = safe_next(request), kept_in(request.POST)
    if viewer.is_signed_in:
        return _go_on(request, target, kept)
    form = SignInForm(request, request.POST or None)
    if form.is_valid():
        login(request, form.get_user())
        return _go_on(request, target, kept)
    page = SignInPage(form=form, next=target, kept=kept)
    return render(request, "web/sign_in.html", {"page": page}, status=422 if form.is_bound else 200)


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """For a form that was sent after the session ended: what it says comes along, and can be sent again afterwards."""
    page = SignInPage(form=SignInForm(request), next=request.get_full_path(), kept=fields_of(request.POST))
    return render(request, "web/sign_in.html", {"page": page}, status=401)


def _go_on(request: HttpRequest, target: str, kept: tuple[tuple[str, str], ...]) -> HttpResponse:
    return render(request, "web/kept.html", {"page": KeptPage(target, kept)}) if kept else redirect(target)


def sign_out(request: HttpRequest, _viewer: Viewer) -> HttpResponse:
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@sensitive_post_parameters()
def password(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    user = user_of(viewer)
    form = PasswordForm(request.POST or None, user=user)
    if form.is_valid():
        try:
            change_password(by=viewer, user=user, password=form.cleaned_data["new"])
        except InvalidInput as error:
            form.add_error("new", error.message)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "Your password is changed.")
            return redirect("web:home")
    page = PasswordPage(form=form, is_forced=user.must_change_password)
    return render(request, "web/password.html", {"page": page}, status=422 if form.is_bound else 200)


def safe_next(request: HttpRequest, otherwise: str = settings.LOGIN_REDIRECT_URL) -> str:
    """The page of this site that the form or address names as next, never another host."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if is_ours else otherwise
