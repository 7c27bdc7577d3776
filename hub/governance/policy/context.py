"""Facts in the one shape that the rules know: plain values, bounded lists, and nothing where something isn't known."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

MOST_ITEMS = 200
_LONGEST = 2_000
# ISO 3166-1.
_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
# Areas of Annex III of the EU AI Act that RAIL licences restrict: law enforcement, migration and asylum, justice.
_IN_LICENCES = {"annex-iii-6": "m", "annex-iii-7": "m", "annex-iii-8": "m"}
EU = frozenset(_EU.split())
EEA = EU | {"IS", "LI", "NO"}


def plain(value: Any, depth: int = 4) -> Any:
    """As CEL takes it: None, booleans, numbers, texts, moments with a zone, lists and maps of these."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=dt.UTC)
    if isinstance(value, Mapping) and depth:
        return {str(key): plain(item, depth - 1) for key, item in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, Iterable) and not isinstance(value, str) and depth:
        return [plain(item, depth - 1) for item in list(value)[:MOST_ITEMS]]
    return str(value)[:_LONGEST]


def team(profile: Any, *, acceptances_missing: int | None) -> dict[str, Any]:
    """A consumer profile as `team`. What its makers left open is not there, so that rules which ask say so."""
    told = {
        "name": profile.name,
        "commercial": profile.is_commercial,
        "service": profile.is_service,
        "regions": regions(profile.regions),
        "mau": profile.monthly_users,
        "revenue_usd": profile.revenue_usd,
        "clearance": profile.clearance,
        "purposes": list(profile.purposes),
        "use": {"tier": profile.tier, "codes": _codes(profile.use_codes)},
        "acceptances_missing": acceptances_missing,
    }
    if not told["regions"]:
        del told["regions"]
    return plain(told)


def _codes(stated: Iterable[str]) -> list[str]:
    """As stated, and what they are in the letters of the licences."""
    listed = [str(code) for code in stated]
    return list(dict.fromkeys([*listed, *(_IN_LICENCES[code] for code in listed if code in _IN_LICENCES)]))


def regions(stated: Iterable[str]) -> list[str]:
    """Countries and the groups that they belong to; a group as it was stated."""
    codes = {str(code).upper() for code in stated}
    # Licences say UK.
    if codes & {"GB", "UK"}:
        codes |= {"GB", "UK"}
    # All of the EEA is the Union too; one country of it may not be.
    if codes & (EU | {"EEA"}):
        codes.add("EU")
    if codes & (EEA | {"EU"}):
        codes.add("EEA")
    return sorted(codes)
