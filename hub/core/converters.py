"""URL converters for names that may hold an escaped slash (see `hub.core.middleware.RawPath`)."""

from urllib.parse import quote, unquote

from django.urls import register_converter


class Segment:
    """One path segment, decoded: a name, or a revision such as `refs/pr/1` sent as `refs%2Fpr%2F1`."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        return unquote(value)

    def to_url(self, value: str) -> str:
        return quote(value, safe="")


class Rest(Segment):
    """All that is left of the path, slashes included: a file's path inside its repository."""

    regex = ".+"

    def to_url(self, value: str) -> str:
        return quote(value)


def register() -> None:
    register_converter(Segment, "seg")
    register_converter(Rest, "rest")
