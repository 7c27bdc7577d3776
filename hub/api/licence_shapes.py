"""Shapes of what the API says of licences."""

from typing import Any

from rest_framework import serializers


class FaultSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField()
    verdict = serializers.ChoiceField(["OK", "NEEDS_ATTRIBUTION", "REVIEW", "CONFLICT"])
    edge = serializers.ListField(child=serializers.CharField())
    licence = serializers.CharField()
    clause = serializers.CharField()
    mend = serializers.CharField()


class ObligationSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    text = serializers.CharField()
    licence = serializers.CharField()
    holder = serializers.CharField()
    isMet = serializers.BooleanField(allow_null=True)


class LicenceSerializer(serializers.Serializer[Any]):
    commit = serializers.CharField()
    isExamined = serializers.BooleanField()
    declared = serializers.CharField()
    detected = serializers.ListField(child=serializers.DictField())
    concluded = serializers.CharField()
    effective = serializers.CharField()
    verdict = serializers.CharField()
    faults = FaultSerializer(many=True)
    obligations = ObligationSerializer(many=True)
    notice = serializers.CharField()
    namePrefix = serializers.CharField()
    displayText = serializers.CharField()
    lineage = serializers.ListField(child=serializers.DictField())
    textsToAccept = serializers.ListField(child=serializers.DictField())
    consumer = serializers.DictField(allow_null=True)
