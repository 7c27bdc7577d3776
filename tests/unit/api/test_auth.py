import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from hub.api.auth import BearerAuthentication, SessionAuthentication, viewer_of
from hub.api.errors import handle
from hub.core.errors import Conflict, NotSignedIn
from tests.factories import make_token, make_user


class Who(APIView):
    """A view that says who calls."""

    authentication_classes = (BearerAuthentication, SessionAuthentication)

    def get(self, request):
        return Response({"name": viewer_of(request).name})

    post = get


def ask(**headers):
    return Who.as_view()(APIRequestFactory().get("/", **headers))


@pytest.mark.django_db
def test_a_bad_token_is_an_error_and_none_is_a_visitor() -> None:
    refused = ask(HTTP_AUTHORIZATION="Bearer hs_nonsense")
    assert refused.status_code == 401
    assert refused.data["code"] == "bad_token"
    assert refused["WWW-Authenticate"] == "Bearer"
    assert ask().data == {"name": ""}
    assert ask(HTTP_AUTHORIZATION="Basic abc").data == {"name": ""}


def test_errors_have_one_shape() -> None:
    assert handle(Conflict("taken"), {}).data == {"error": "taken", "code": "conflict"}
    assert handle(NotSignedIn(), {}).status_code == 401
    assert handle(Http404(), {}).data["code"] == "not_found"
    assert handle(PermissionDenied(), {}).data["code"] == "forbidden"
    assert handle(NotAuthenticated(), {}).data["code"] == "not_authenticated"
    assert handle(ValidationError({"name": ["Too long."]}), {}).data == {"error": "name: Too long.", "code": "invalid"}
    assert handle(KeyError("x"), {}) is None


@pytest.mark.django_db
def test_a_good_token_speaks_for_its_user() -> None:
    user = make_user()
    assert ask(HTTP_AUTHORIZATION=f"Bearer {make_token(user)}").data == {"name": user.username}


@pytest.mark.django_db
def test_a_session_needs_the_csrf_token_to_write() -> None:
    user = make_user()
    request = APIRequestFactory(enforce_csrf_checks=True).post("/")
    request.user = user
    refused = Who.as_view()(request)
    assert (refused.status_code, refused.data["code"]) == (403, "permission_denied")
    request = APIRequestFactory().get("/")
    request.user = user
    assert Who.as_view()(request).data == {"name": user.username}
