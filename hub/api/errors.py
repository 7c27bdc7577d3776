"""Errors of this API: `{"error": what is wrong and what to do, "code": a stable name}`, and `faults` if several are."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from hub.core.errors import HubError


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Map what a view raised; anything unknown is left to Django, which answers 500 and logs it."""
    if isinstance(error, HubError):
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        told = {"error": error.message, "code": error.code}
        if faults := error.detail.get("faults"):
            told["faults"] = faults
        return Response(told, status=error.status, headers=headers)
    response = exception_handler(error, context)
    if response is not None:
        response.data = {"error": _text(response.data), "code": _code(error)}
    return response


def _code(error: Exception) -> str:
    if isinstance(error, APIException):
        return str(error.default_code)
    return {Http404: "not_found", PermissionDenied: "forbidden"}.get(type(error), "error")


def _text(data: Any) -> str:
    """One line from the shapes that the framework gives."""
    if isinstance(data, dict):
        if set(data) == {"detail"}:
            return str(data["detail"])
        return " ".join(f"{name}: {_text(value)}" for name, value in data.items())
    if isinstance(data, list):
        return " ".join(_text(item) for item in data)
    return str(data)
