"""Gates and licence texts for programs: how it stands, ask, accept, end."""

import datetime as dt
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.accounts.selectors import find_organisation
from hub.accounts.viewer import Viewer
from hub.api.auth import viewer_of
from hub.catalog.selectors import find_repo
from hub.core.errors import InvalidInput
from hub.governance.selectors import access as selectors
from hub.governance.selectors.texts import texts_of
from hub.governance.services import acceptances
from hub.governance.services import access as services


class FieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    type = serializers.ChoiceField(choices=("text", "checkbox", "date_picker", "country", "select"))
    options = serializers.ListField(child=serializers.CharField(), help_text="Of a select.")
    required = serializers.BooleanField()  # type: ignore[assignment]


class RequestSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    reader = serializers.CharField(help_text="Whose name it is for.")
    status = serializers.ChoiceField(choices=("pending", "accepted", "rejected", "ended"))
    reason = serializers.CharField()
    askedAt = serializers.DateTimeField()
    expiresAt = serializers.DateTimeField(allow_null=True)


class TextSerializer(serializers.Serializer[Any]):
    licence = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the text's bytes.")
    text = serializers.CharField(help_text="Empty where this hub can't show it.")
    shownAt = serializers.CharField(help_text="owner/name, datasets/owner/name, or nothing: this hub's own table.")
    required = serializers.BooleanField(help_text="Whether a pull asks for consent.")  # type: ignore[assignment]
    accepted = serializers.BooleanField()


class AccessSerializer(serializers.Serializer[Any]):
    """How one stands before a gate."""

    name = serializers.CharField(help_text="owner/name")
    gate = serializers.ChoiceField(choices=("", "auto", "manual"))
    mayRead = serializers.BooleanField()
    heading = serializers.CharField()
    prompt = serializers.CharField(help_text="Markdown.")
    fields = FieldSerializer(many=True)  # type: ignore[assignment]
    requests = RequestSerializer(many=True)
    texts = TextSerializer(many=True)
    page = serializers.CharField(help_text="Where a person asks and accepts.")


class AskSerializer(serializers.Serializer[Any]):
    fields = serializers.DictField(required=False, help_text="Answers by the names of the gate's fields.")  # type: ignore[assignment]
    reason = serializers.CharField(required=False, allow_blank=True)
    organisation = serializers.CharField(required=False, allow_blank=True, help_text="For all its members.")


class AcceptSerializer(serializers.Serializer[Any]):
    sha256 = serializers.CharField(help_text="Of a text that the repository shows.")
    organisation = serializers.CharField(required=False, allow_blank=True)
    reference = serializers.CharField(required=False, allow_blank=True)
    expiresAt = serializers.DateTimeField(required=False, allow_null=True)


class AgreementSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    licence = serializers.CharField()
    sha256 = serializers.CharField()
    organisation = serializers.CharField(allow_null=True)
    by = serializers.CharField()
    reference = serializers.CharField()
    acceptedAt = serializers.DateTimeField()
    expiresAt = serializers.DateTimeField(allow_null=True)
    holds = serializers.BooleanField()


class Access(APIView):
    """The gate of a model, or of a data set: what it asks, how one's requests stand, which texts are to be accepted."""

    kind = "model"

    @extend_schema(responses=AccessSerializer, operation_id="access")
    def get(self, request: Request, owner: str, name: str) -> Response:
        viewer = viewer_of(request)
        return Response(_access(viewer, find_repo(viewer, self.kind, owner, name)))

    @extend_schema(request=AskSerializer, responses={201: RequestSerializer}, operation_id="request_access")
    def post(self, request: Request, owner: str, name: str) -> Response:
        viewer, told = viewer_of(request), _told(AskSerializer, request)
        made = services.request_access(
            by=viewer,
            repo=find_repo(viewer, self.kind, owner, name),
            fields=told.get("fields"),
            message=told.get("reason", ""),
            organisation=_organisation(told),
        )
        return Response(_request(made), status=201)


class Agreements(APIView):
    """Texts accepted at a repository."""

    kind = "model"

    @extend_schema(request=AcceptSerializer, responses={201: AgreementSerializer}, operation_id="accept_licence")
    def post(self, request: Request, owner: str, name: str) -> Response:
        viewer, told = viewer_of(request), _told(AcceptSerializer, request)
        made = acceptances.accept_shown(
            by=viewer,
            repo=find_repo(viewer, self.kind, owner, name),
            text_sha256=told["sha256"],
            organisation=_organisation(told),
            reference=told.get("reference", ""),
            expires_at=_aware(told.get("expiresAt")),
        )
        return Response(_agreement(made), status=201)


@extend_schema_view(
    get=extend_schema(operation_id="access_to_dataset"), post=extend_schema(operation_id="request_access_to_dataset")
)
class DatasetAccess(Access):
    kind = "dataset"


@extend_schema_view(post=extend_schema(operation_id="accept_licence_of_dataset"))
class DatasetAgreements(Agreements):
    kind = "dataset"


class OwnAgreements(APIView):
    """All that the caller, or an organisation of theirs, accepted, the newest first."""

    @extend_schema(responses=AgreementSerializer(many=True), operation_id="agreements")
    def get(self, request: Request) -> Response:
        return Response([_agreement(each) for each in selectors.agreements_of(viewer_of(request))[:500]])


class Agreement(APIView):
    """One of them."""

    @extend_schema(responses={204: None}, operation_id="end_agreement")
    def delete(self, request: Request, public_id: str) -> Response:
        viewer = viewer_of(request)
        acceptances.end_acceptance(by=viewer, acceptance=selectors.agreement(viewer, public_id))
        return Response(status=204)


def _access(viewer: Viewer, repo: Any) -> dict[str, Any]:
    gate, texts = selectors.gate_at(repo), texts_of(viewer, repo)
    held = selectors.acceptances_by_text(viewer, [one.sha256 for one in texts])
    return {
        "name": repo.full_name,
        "gate": repo.gate,
        "mayRead": selectors.may_read_gated(viewer, repo),
        "heading": gate.heading,
        "prompt": gate.prompt,
        "fields": [_field(field) for field in gate.fields],
        "requests": [_request(each) for each in (selectors.requests_for(viewer, repo) if viewer.user else [])],
        "texts": [_text(one, one.sha256 in held) for one in texts],
        "page": f"{'/datasets/' if repo.kind == 'dataset' else '/'}{repo.full_name}/access",
    }


def _field(field: Any) -> dict[str, Any]:
    options = [value for value, _ in field.options]
    return {"name": field.name, "type": field.type, "options": options, "required": field.is_required}


def _text(one: Any, accepted: bool) -> dict[str, Any]:
    told = {"licence": one.licence, "sha256": one.sha256, "text": one.text, "shownAt": one.shown_at}
    return told | {"required": one.is_required, "accepted": accepted}


def _request(each: Any) -> dict[str, Any]:
    return {
        "id": each.public_id,
        "reader": each.reader.name,
        "status": each.status if selectors.is_current(each) else "ended",
        "reason": each.reason,
        "askedAt": each.asked_at,
        "expiresAt": each.expires_at,
    }


def _agreement(each: Any) -> dict[str, Any]:
    return {
        "id": each.public_id,
        "licence": each.licence,
        "sha256": each.text_sha256,
        "organisation": str(each.organisation) if each.organisation else None,
        "by": each.user.username,
        "reference": each.reference,
        "acceptedAt": each.accepted_at,
        "expiresAt": each.expires_at,
        "holds": selectors.is_live(each),
    }


def _told(shape: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    sent = shape(data=request.data)
    sent.is_valid(raise_exception=True)
    return dict(sent.validated_data)


def _organisation(told: dict[str, Any]) -> Any:
    return find_organisation(told["organisation"]) if told.get("organisation") else None


def _aware(moment: dt.datetime | None) -> dt.datetime | None:
    if moment is not None and moment.tzinfo is None:
        raise InvalidInput("Send expiresAt with its time zone, such as 2027-01-31T00:00:00Z.")
    return moment
