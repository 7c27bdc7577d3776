"""What a hub knows of a model beside its files: licence, training data, bias, use, review and scan."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sdk import _config
from sdk._client import Client
from sdk._errors import NotFoundError
from sdk._models import Kind


@dataclass(frozen=True)
class LicenceFacts:
    """As the card declares it, as a reviewer concluded it ("" for nobody), and what holds with all that it was made
    from; `verdict` is OK, NEEDS_ATTRIBUTION, REVIEW or CONFLICT."""

    declared: str
    concluded: str
    effective: str
    verdict: str
    is_examined: bool


@dataclass(frozen=True)
class DataFacts:
    """How complete the record of the training data is, from 0 to 1; the worst personal data of all sources."""

    completeness: float
    pii: str
    missing: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class BiasFacts:
    """How many findings stand open, and the gravest severity among them ("" for none)."""

    open: int
    worst: str


@dataclass(frozen=True)
class UseFacts:
    tier: int | None
    intended: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    do_not_use_for: tuple[str, ...]


@dataclass(frozen=True)
class ReviewFacts:
    """Where the review of this commit stands; `state` is "unreviewed" where there is none."""

    state: str
    tier: int | None = None
    purposes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    expires_at: str | None = None


@dataclass(frozen=True)
class ScanFacts:
    """`state` is waiting, scanning or done; `worst` is the worst verdict of a file, "" until it is known."""

    state: str
    worst: str
    files: int
    clean: int


@dataclass(frozen=True)
class Facts:
    """Licence, review and scan are those of `commit`; data, bias and use those that hold for main."""

    name: str
    kind: Kind
    commit: str
    licence: LicenceFacts
    data: DataFacts
    bias: BiasFacts
    use: UseFacts
    review: ReviewFacts
    scan: ScanFacts


_SEVERITIES = ("info", "low", "medium", "high", "critical")


def facts(
    name: str, revision: str | None = None, *, kind: Kind = "model", hub: str | None = None, token: str | None = None
) -> Facts:
    """What the hub knows of a model or a data set, as far as you may see it."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        found = client.info(client.full_name(name), kind, revision)
        if found.commit is None:
            raise NotFoundError(f"{found.name} has no commit yet. Push something to it first.")
        ask = _Asked(client, f"{kind}s/{quote(found.name)}", f"the facts of {found.name}", found.commit)
        return Facts(
            name=found.name,
            kind=kind,
            commit=found.commit,
            licence=_licence(ask.part("licence", at_commit=True)),
            data=_data(ask.part("data-record")),
            bias=_bias(ask.part("findings")),
            use=_use(ask.part("use-record")),
            review=_review(ask),
            scan=_scan(ask.part("scan", at_commit=True)),
        )


@dataclass(frozen=True)
class _Asked:
    client: Client
    address: str
    what: str
    commit: str

    def part(self, name: str, *, at_commit: bool = False) -> dict[str, Any]:
        query = f"?revision={self.commit}" if at_commit else ""
        return self.client.own_json(f"{self.address}/{name}{query}", asked=self.what, has=())


def _licence(told: Mapping[str, Any]) -> LicenceFacts:
    names = ("declared", "concluded", "effective", "verdict")
    return LicenceFacts(**{name: str(told[name]) for name in names}, is_examined=bool(told["isExamined"]))


def _data(told: Mapping[str, Any]) -> DataFacts:
    return DataFacts(float(told["completeness"]), str(told["pii"]), tuple(told["missing"]), tuple(told["unknown"]))


def _bias(told: Mapping[str, Any]) -> BiasFacts:
    found = [str(one["severity"]) for one in told["items"] if one["open"]]
    return BiasFacts(len(found), max(found, key=_SEVERITIES.index, default=""))


def _use(told: Mapping[str, Any]) -> UseFacts:
    record = told["record"] or {}
    intended, out_of_scope, not_for = (tuple(record.get(key, ())) for key in UseFacts.__match_args__[1:])
    return UseFacts(told["tier"], intended, out_of_scope, not_for)


def _review(ask: _Asked) -> ReviewFacts:
    try:
        told = ask.part(f"reviews/{ask.commit}")
    except NotFoundError:
        return ReviewFacts("unreviewed")
    listed = tuple(told["purposes"]), tuple(told["conditions"])
    return ReviewFacts(str(told["state"]), told["tier"], *listed, told["expiresAt"])


def _scan(told: Mapping[str, Any]) -> ScanFacts:
    return ScanFacts(str(told["state"]), str(told["worst"] or ""), int(told["count"]), int(told["clean"]))
