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
from hub.web.pages.session import PasswordPage, SignInPage, user_of


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    target = safe_next(request)
    if viewer.is_signed_in:
        return redirect(target)
    form = SignInForm(request, request.POST or None)
    if form.is_valid():
        login(request, form.get_user())
        return redirect(target)
    page = SignInPage(form=form, next=target)
    return render(request, "web/sign_in.html", {"page": page}, status=422 if form.is_bound else 200)


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
