"""Shapes of what the API says of scans."""

from rest_framework import serializers

_VERDICTS = ("clean", "suspicious", "unsupported", "error", "malicious")


class OpinionSerializer(serializers.Serializer):
    scanner = serializers.CharField()
    version = serializers.CharField()
    verdict = serializers.ChoiceField(_VERDICTS)
    reason = serializers.CharField()


class ScannedFileSerializer(serializers.Serializer):
    path = serializers.CharField()
    content = serializers.CharField(help_text="sha256, or the git id of a small file.")
    verdict = serializers.ChoiceField(_VERDICTS)
    reason = serializers.CharField()
    format = serializers.CharField()
    read = serializers.IntegerField(help_text="How many of its bytes were looked at.")
    size = serializers.IntegerField()
    isPickle = serializers.BooleanField()
    isCode = serializers.BooleanField()
    opinions = OpinionSerializer(many=True)


class ScanSerializer(serializers.Serializer):
    commit = serializers.CharField()
    state = serializers.ChoiceField(("waiting", "scanning", "done"))
    worst = serializers.ChoiceField(_VERDICTS, allow_null=True)
    rules = serializers.CharField(help_text="Date of the rules, and the second scanner with its version.")
    startedAt = serializers.DateTimeField(allow_null=True)
    finishedAt = serializers.DateTimeField(allow_null=True)
    count = serializers.IntegerField()
    clean = serializers.IntegerField()
    files = ScannedFileSerializer(many=True)
