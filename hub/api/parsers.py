"""What this API reads: JSON alone, as strictly as the wire routes read it."""

from collections.abc import Iterable, Mapping
from typing import IO, Any, ClassVar

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

# What is taken is told again, and 254 levels are as deep as JSON is written here.
_DEEPEST = 200


class JsonParser(BaseParser):
    """Text that isn't JSON in UTF-8, or that nests deeper than anything meant, is the caller's fault: 400."""

    media_type: ClassVar = "application/json"  # type: ignore[misc]

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            value = orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(f"The body is not valid JSON: {error}.") from error
        if fault := _fault(value):
            raise ParseError(fault)
        return value


def _fault(value: Any) -> str:
    """Level by level: what was sent may nest deeper than Python calls itself."""
    level, depth = [value], 0
    while level:
        if any(isinstance(each, str) and "\0" in each for each in level):
            return "A text has a NUL character in it, which no field takes. Remove it."
        if (depth := depth + 1) > _DEEPEST:
            return f"The body nests deeper than {_DEEPEST} levels."
        level = [inner for each in level for inner in _inside(each)]
    return ""


def _inside(value: Any) -> Iterable[Any]:
    return (*value, *value.values()) if isinstance(value, dict) else value if isinstance(value, list) else ()
