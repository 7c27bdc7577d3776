"""What the hub signed: the files of a commit, and the decisions on it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.api.auth import viewer_of
from hub.governance.services import signatures


class SignatureSerializer(serializers.Serializer[Any]):
    commit = serializers.CharField()
    keyId = serializers.CharField(source="key_id", help_text="sha256 of the public key (DER).")
    publicKey = serializers.CharField(source="public_key", help_text="In PEM form.")
    subject = serializers.CharField(source="subject_sha256", help_text="The one digest of all files.")
    bundle = serializers.JSONField(help_text="A Sigstore bundle v0.3, as OpenSSF Model Signing reads it.")
    statements = serializers.ListField(
        child=serializers.JSONField(), help_text="DSSE envelopes of in-toto Statements, one for each review decision."
    )


class SignatureOf(APIView):
    """The hub's signature over all files of a commit, and its signed statements of what reviewers decided on it."""

    kind = "model"

    @extend_schema(responses=SignatureSerializer)
    def get(self, request: Request, owner: str, name: str, revision: str) -> Response:
        found = signatures.signed(by=viewer_of(request), kind=self.kind, owner=owner, name=name, revision=revision)
        return Response(SignatureSerializer(found).data)
