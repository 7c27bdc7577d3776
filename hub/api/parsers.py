"""What this API reads: JSON alone, as strictly as the wire routes read it."""

from collections.abc import Mapping
from typing import IO, Any, ClassVar

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


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
        if _has_nul(value):
            raise ParseError("A text has a NUL character in it, which no field takes. Remove it.")
        return value


def _has_nul(value: Any) -> bool:
    """Without recursion: what was sent may nest deeper than Python calls itself."""
    left = [value]
    while left:
        each = left.pop()
        if isinstance(each, str) and "\0" in each:
            return True
        left += [*each, *each.values()] if isinstance(each, dict) else each if isinstance(each, list) else []
    return False
