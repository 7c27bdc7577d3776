"""Addresses of rules, profiles, waivers and recalls."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import policy, recalls

_POST = ("GET", "HEAD", "POST")


def _form(address: str, view: Any, name: str) -> URLPattern:
    """A page with forms, for people who are signed in."""
    return path(address, page(view, methods=_POST, signed_in=True, keeps_words=True), name=name)


SITE = [
    _form("governance/rules", policy.rules, "rules"),
    _form("governance/rules/<str:code>", policy.rule, "rule"),
    _form("governance/profiles", policy.profiles, "profiles"),
    _form("governance/profiles/<int:pk>", policy.profile, "profile_of_consumers"),
    _form("governance/waivers", policy.waivers, "waivers"),
    _form("governance/recalls", recalls.recalls, "recalls"),
    _form("governance/recalls/<int:pk>", recalls.recall, "recall"),
    path("governance/pulls", page(policy.pulls, signed_in=True), name="pulls"),
    _form("recalls", recalls.my_recalls, "my_recalls"),
]
