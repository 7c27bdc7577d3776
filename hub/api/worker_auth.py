"""The workers' door: it opens to the tokens of workers, and to nothing else."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import authentication
from rest_framework.request import Request

from hub.jobs.errors import BadWorkerToken
from hub.jobs.selectors.workers import worker_for_token


class WorkerAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer hsw_…`; `request.auth` is the worker. Without one the door stays shut."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, Any]:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise BadWorkerToken
        return AnonymousUser(), worker_for_token(secret.strip())

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class WorkerScheme(OpenApiAuthenticationExtension):
    target_class = "hub.api.worker_auth.WorkerAuthentication"
    name = "worker"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}
