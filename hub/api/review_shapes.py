"""What the API of reviews takes and gives."""

from typing import Any

from rest_framework import serializers

from hub.governance.services import reviews

DOMAINS = ("security", "licence", "data", "bias", "use")
_Text = serializers.CharField


class DecisionSerializer(serializers.Serializer[Any]):
    """`carriedFrom` is the commit whose decision still holds; `evidence` then says which files were compared."""

    domain = _Text(help_text="Empty for the owner's sign-off.")
    state = _Text()
    by = _Text()
    at = serializers.DateTimeField()
    reason = _Text()
    conditions = serializers.ListField(child=_Text())
    binding = _Text()
    evidence = serializers.DictField()
    carriedFrom = _Text(allow_null=True)


class DomainSerializer(serializers.Serializer[Any]):
    domain = serializers.ChoiceField(choices=DOMAINS)
    state = _Text()
    by = _Text()
    at = serializers.DateTimeField()
    blocking = serializers.ListField(child=_Text(), help_text="What is in the way, in words.")
    mayDecide = serializers.BooleanField(help_text="Whether whoever asks may decide on it now.")
    refusal = _Text(help_text="Why they may not.")


class EventSerializer(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = _Text()
    kind = _Text()
    domain = _Text()
    before = _Text()
    after = _Text()
    text = _Text()


class ReviewSerializer(serializers.Serializer[Any]):
    """`binding` is the digest that a decision names; `bindingParts` is what it is made over."""

    commit = _Text()
    state = _Text()
    tier = serializers.IntegerField(allow_null=True)
    uploader = _Text()
    assignedTo = _Text(allow_null=True)
    reason = _Text()
    purposes = serializers.ListField(child=_Text())
    conditions = serializers.ListField(child=_Text())
    expiresAt = serializers.DateTimeField(allow_null=True)
    binding = _Text()
    bindingParts = serializers.DictField()
    missing = serializers.ListField(child=_Text(), help_text="What stands between it and an approval.")
    lastApproved = _Text(allow_null=True, help_text="The commit approved before this one.")
    domains = DomainSerializer(many=True)
    decisions = DecisionSerializer(many=True)
    events = EventSerializer(many=True)


class TextSerializer(serializers.Serializer[Any]):
    text = _Text(allow_blank=True, default="", max_length=20_000, trim_whitespace=True)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = _Text(max_length=20_000)


class BoundSerializer(ReasonSerializer):
    binding = _Text(help_text="The digest of what was shown.", max_length=64)


class DecideSerializer(BoundSerializer):
    domain = serializers.ChoiceField(choices=DOMAINS)
    state = serializers.ChoiceField(choices=[str(choice) for choice in reviews.CHOICES])
    conditions = serializers.ListField(child=_Text(max_length=500), default=list)
    purposes = serializers.ListField(child=_Text(max_length=500), default=list)


class SuspendSerializer(ReasonSerializer):
    code = serializers.ChoiceField(choices=list(reviews.REASONS))


class TierSerializer(serializers.Serializer[Any]):
    tier = serializers.ChoiceField(choices=reviews.TIERS)
    reason = _Text(allow_blank=True, default="", max_length=20_000)


class AssignSerializer(serializers.Serializer[Any]):
    to = _Text(allow_blank=True, default="", help_text="A user name; empty: nobody's.", max_length=96)


def shape(picture: Any, decisions: Any) -> dict[str, Any]:
    """A review as JSON data."""
    revision = picture.revision
    return {
        "commit": revision.commit,
        "state": revision.state,
        "tier": revision.tier,
        "uploader": revision.uploader,
        "assignedTo": revision.assigned_to.username if revision.assigned_to else None,
        "reason": revision.reason,
        "purposes": revision.purposes,
        "conditions": revision.conditions,
        "expiresAt": revision.expires_at,
        "binding": picture.binding.sha256,
        "bindingParts": picture.binding.parts,
        "missing": picture.missing,
        "lastApproved": picture.last_approved.commit if picture.last_approved else None,
        "domains": [_domain(one) for one in picture.domains],
        "decisions": [decision(one) for one in decisions],
        "events": [_event(one) for one in picture.events],
    }


def decision(one: Any) -> dict[str, Any]:
    names = ("domain", "state", "by", "at", "reason", "conditions", "binding", "evidence")
    carried = one.carried_from.revision.commit if one.carried_from else None
    return {**{name: getattr(one, name) for name in names}, "carriedFrom": carried}


def _event(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in ("at", "by", "kind", "domain", "before", "after", "text")}


def _domain(one: Any) -> dict[str, Any]:
    names = ("domain", "state", "by", "at", "blocking", "refusal")
    return {**{name: getattr(one, name) for name in names}, "mayDecide": one.may_decide}
