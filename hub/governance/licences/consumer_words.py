"""A consumer in a few words: `commercial-eu`, `internal-research`, `commercial-100m-mau`."""

import re
from dataclasses import replace

from hub.core.errors import InvalidInput
from hub.governance.licences.consumer import EU, Consumer

_SERVICE: dict[str, object] = {"is_service": True}
_FEW: dict[str, object] = {"monthly_users": 1_000, "revenue_usd": 1_000}
_TRADE: dict[str, object] = {"is_commercial": True, "is_research": False}
_STUDY: dict[str, object] = {"is_commercial": False, "is_research": True}
_NEITHER: dict[str, object] = {"is_commercial": False, "is_research": False}
# What for. One of these is said, or `saas`; where two are, commercial use stays commercial and research stays research.
PURPOSES: dict[str, dict[str, object]] = {
    **dict.fromkeys(("commercial", "business", "enterprise", "company", "product", "production"), _TRADE),
    **dict.fromkeys(("research", "researcher", "academic", "academia", "university", "science"), _STUDY),
    **dict.fromkeys(("hobby", "personal", "private", "individual", "education", "teaching", "noncommercial"), _NEITHER),
    **dict.fromkeys(("nonprofit", "charity", "ngo", "government", "public", "internal"), _NEITHER),
}
# Among whom, how and for what kind of decision.
CIRCUMSTANCES: dict[str, dict[str, object]] = {
    **dict.fromkeys(("saas", "service", "api", "hosted", "cloud", "online"), _SERVICE),
    "large": {"monthly_users": 1_000_000_000, "revenue_usd": 1_000_000_000},
    **dict.fromkeys(("small", "startup"), _FEW),
    "sandbox": {"is_sandbox": True},
}
_REGIONS = {"europe": "EU", "eea": "EU", "gb": "UK", "korea": "KR", "usa": "US"}
REGIONS = {
    **{name.lower(): name for name in (*EU, "UK", "KR", "US", "CA", "CN", "JP", "IN", "AU", "BR", "CH", "NO", "SG")},
    **_REGIONS,
    **dict.fromkeys(("global", "world", "worldwide"), "WORLD"),
}
USES = {
    **dict.fromkeys(("medical", "health", "healthcare", "clinical"), "l"),
    **dict.fromkeys(("law", "legal", "justice", "police", "immigration", "asylum", "border"), "m"),
    **dict.fromkeys(("automated", "hiring", "credit", "lending"), "h"),
    "scoring": "i",
    "disinformation": "c",
    "impersonation": "g",
}
_JOINED = re.compile(r"\b(non|public)[-_ ]+(commercial|profit|sector)\b")
_FACTORS = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "bn": 10**9}
_UNITS = {"mau": "monthly_users", "users": "monthly_users", "usd": "revenue_usd", "revenue": "revenue_usd"}
_NUMBER = r"(?:(?P<over{0}>over|above)-)?(?P<number{0}>\d+(?:\.\d+)?)(?P<factor{0}>k|m|bn?)?"
_UNIT = "(?P<unit{0}>" + "|".join(_UNITS) + ")"
_AMOUNT = re.compile(
    rf"(?<![\w.])(?:{_NUMBER.format(1)}-?{_UNIT.format(1)}|{_UNIT.format(2)}-?{_NUMBER.format(2)})(?![\w.])"
)


def consumer_named(text: str) -> Consumer:
    """Raises `InvalidInput` for a word that isn't known, with those that are, and where no word says what for."""
    plain = _JOINED.sub(_joined, text.strip().lower().replace("_", "-").replace(" ", "-"))
    limits: dict[str, object] = dict(_amount(found) for found in _AMOUNT.finditer(plain))
    words = [word for word in _AMOUNT.sub("", plain).split("-") if word]
    if unknown := [word for word in words if not _is_known(word)]:
        raise InvalidInput(f"{unknown[0][:40]!r} describes no consumer. {known_words()}")
    what_for = _purpose(words)
    rest: dict[str, object] = {}
    for word in words:
        rest |= CIRCUMSTANCES.get(word, {}) | ({"region": REGIONS[word]} if word in REGIONS else {})
    uses = frozenset(USES[word] for word in words if word in USES)
    return replace(Consumer(uses=uses), **{**what_for, **rest, **limits})  # type: ignore[arg-type]


def known_words() -> str:
    """For a message: everything that may be said."""
    return (
        f"What for: {', '.join(PURPOSES)}. How: {', '.join(CIRCUMSTANCES)}. Where: {', '.join(sorted(REGIONS))}. "
        f"To do with: {', '.join(USES)}. How many: 100m-mau, over-700m-users, 5m-usd."
    )


def _purpose(words: list[str]) -> dict[str, object]:
    said = [PURPOSES[word] for word in words if word in PURPOSES]
    if said:
        return {name: any(each[name] for each in said) for name in ("is_commercial", "is_research")}
    if "saas" in words:
        return _TRADE
    raise InvalidInput(f"Say what it is for, as commercial or research: {', '.join(PURPOSES)}.")


def _is_known(word: str) -> bool:
    return word in PURPOSES or word in CIRCUMSTANCES or word in REGIONS or word in USES


def _joined(found: re.Match[str]) -> str:
    return "public" if found[1] == "public" else f"{found[1]}{found[2]}"


def _amount(found: re.Match[str]) -> tuple[str, int]:
    at = "1" if found["unit1"] else "2"
    value = int(float(found[f"number{at}"]) * _FACTORS[found[f"factor{at}"] or ""])
    return _UNITS[found[f"unit{at}"]], value + bool(found[f"over{at}"])
