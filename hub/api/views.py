"""What the hub says of itself."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from hub.core import signing


class LimitsSerializer(serializers.Serializer[Any]):
    """In bytes, but for `commitOperations`."""

    fileSize = serializers.IntegerField(help_text="The largest file that is stored.")
    commitBody = serializers.IntegerField(help_text="The largest commit request.")
    commitOperations = serializers.IntegerField(help_text="How many files one commit may add or delete.")
    lfsThreshold = serializers.IntegerField(help_text="Files larger than this are stored by sha256, outside git.")


class KeySerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text="sha256 of the key (DER): its fingerprint.")
    pem = serializers.CharField(help_text="The public key, in PEM form.")
    retiredAt = serializers.CharField(source="retired_at", help_text="Empty for the key that signs now.")


class AboutSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="What this hub is called.")
    version = serializers.CharField(help_text="The version of the program.")
    curatedOwner = serializers.CharField(help_text="Whose models a name without an owner means.")
    limits = LimitsSerializer()
    keys = KeySerializer(many=True, help_text="What the hub signs with: the key of now first, then those before it.")


class About(APIView):
    """What this hub is called, which program it runs, whose models are the curated ones, and what it accepts."""

    authentication_classes = ()

    @extend_schema(responses=AboutSerializer, operation_id="about")
    def get(self, request: Request) -> Response:
        limits = {
            "fileSize": settings.MAX_FILE_SIZE,
            "commitBody": settings.MAX_COMMIT_BODY,
            "commitOperations": settings.MAX_COMMIT_OPERATIONS,
            "lfsThreshold": settings.LFS_THRESHOLD,
        }
        about = {
            "name": settings.SITE_NAME,
            "version": program_version(),
            "curatedOwner": settings.CURATED_OWNER,
            "limits": limits,
            "keys": signing.public_keys(),
        }
        return Response(AboutSerializer(about).data)


@cache
def program_version() -> str:
    try:
        return version("headstart")
    except PackageNotFoundError:
        return "unreleased"
