"""The shapes of search, for the schema alone: answers are plain objects, which cost less to make."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from hub.catalog.query import FACETS, MAX_LIMIT, RANGES, SORTS
from hub.catalog.vocabularies import LICENCE_CLASSES

KINDS = ("model", "dataset")


class ItemSerializer(serializers.Serializer[Any]):
    """One repository. `snippet` is there where its text matched: pieces of it, each with whether it is a match."""

    name = serializers.CharField(help_text="owner/name")
    kind = serializers.ChoiceField(choices=KINDS)
    owner = serializers.CharField()
    summary = serializers.CharField()
    private = serializers.BooleanField()
    gated = serializers.BooleanField()
    task = serializers.CharField(allow_null=True)
    library = serializers.CharField(allow_null=True)
    licence = serializers.CharField(allow_null=True)
    licenceClass = serializers.ChoiceField(choices=LICENCE_CLASSES)
    parameters = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(help_text="Bytes of a pull.")
    downloads = serializers.IntegerField()
    likes = serializers.IntegerField()
    review = serializers.CharField(help_text="Where its review stands.")
    bias = serializers.CharField(allow_null=True, help_text="The worst open bias finding.")
    tags = serializers.ListField(child=serializers.CharField())
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()
    snippet = serializers.ListField(child=serializers.ListField(min_length=2, max_length=2))


class FacetValueSerializer(serializers.Serializer[Any]):
    value = serializers.CharField()
    count = serializers.IntegerField(help_text="How many there are under the other filters.")
    chosen = serializers.BooleanField()


class SearchSerializer(serializers.Serializer[Any]):
    items = ItemSerializer(many=True)
    total = serializers.IntegerField(help_text="On all pages.")
    facets = serializers.DictField(child=FacetValueSerializer(many=True))
    next = serializers.CharField(allow_null=True, help_text="`after` of the next page.")


class SuggestionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="owner/name")
    kind = serializers.ChoiceField(choices=KINDS)
    pieces = serializers.ListField(child=serializers.ListField(min_length=2, max_length=2))


class SuggestionsSerializer(serializers.Serializer[Any]):
    items = SuggestionSerializer(many=True)


class SimilarSerializer(serializers.Serializer[Any]):
    items = ItemSerializer(many=True)


def parameter(name: str, text: str, *, many: bool = False, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=text, many=many, **more)


SEARCH_PARAMETERS = [
    parameter("kind", "What to search for.", enum=KINDS, default="model"),
    parameter("q", "Words in the name, the summary, the card, the tags or the authors."),
    *(parameter(name, f"Any of these values of {name}.", many=True) for name in FACETS),
    *(parameter(f"{name}_{end}", "A number such as 7000000, 7M or 1.5B.") for name in RANGES for end in ("min", "max")),
    parameter("tag", "All of these tags, such as license:mit.", many=True),
    parameter("benchmark", "With a result for this data set and metric: dataset/metric."),
    parameter("score_min", "The least value of that result."),
    parameter("sort", "By relevance where there is text, else by downloads.", enum=SORTS),
    OpenApiParameter("limit", OpenApiTypes.INT, description=f"Items of a page, up to {MAX_LIMIT}.", default=20),
    parameter("after", "`next` of the page before."),
    parameter("facets", "Only these facets; `none` for no facets.", many=True, enum=(*FACETS, "none")),
]
