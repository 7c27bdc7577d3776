"""What a seed is: where its bytes come from, what is known about it, and how its folder is made."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Literal

from seeds.evidence import Finding, Source, Use

MEASURED = "measured for this catalog before release, on a CPU with one thread"


@dataclass(frozen=True)
class Fact:
    """A statement and who says so. An unknown is a statement too ("not stated"), with the place that was searched."""

    statement: str
    source: str


@dataclass(frozen=True)
class Package:
    """A pinned package of the Python index. `files` maps paths inside it to sha256; `texts` maps paths of licences and
    notices to the names under which they are served: in `package/` what doesn't hold for the files that are served."""

    name: str
    version: str
    files: Mapping[str, str]
    texts: Mapping[str, str] = field(default_factory=dict)
    is_source: bool = False

    def __str__(self) -> str:
        return f"{self.name}=={self.version}"


@dataclass(frozen=True)
class Licence:
    """Three licences that often differ. `id` is the one of what is served; `name` and `link` go with the id "other"."""

    id: str
    package: Fact
    content: Fact
    data: Fact
    name: str = ""
    link: str = ""


@dataclass(frozen=True)
class Measurement:
    """A figure from the build itself. With `metric` and `value` it also stands in the card's model-index."""

    statement: str
    how: str
    metric: str = ""
    value: float | None = None


@dataclass(frozen=True)
class Result:
    """A figure on a data set, measured before release; it stands in the card's model-index. `dataset` as the hub or
    the public one names it, `rows` says which of its rows."""

    dataset: str
    metric: str
    value: float
    name: str = ""
    rows: str = ""
    by: str = MEASURED


@dataclass(frozen=True)
class Seed:
    """One repository of the catalog.

    `build(source, out)` reads `source/<package name>/<path in package>` and writes the files to serve into `out`.
    `shared` names modules of this package that take part in the build. `minutes` is how long a CPU takes for it, if
    that is long. `licences_of`: what is stated of the licences of what it was made from and this hub doesn't have;
    what isn't there is unknown. `notice`: whom these licences ask to credit, a paragraph each. Texts may contain
    `{owner}`, the name of the curated owner on the hub that is seeded.
    """

    name: str
    kind: Literal["model", "dataset"]
    purpose: str
    what: str
    usage: str
    packages: tuple[Package, ...]
    licence: Licence
    intended_use: tuple[Fact, ...]
    training_data: tuple[Fact, ...]
    known_biases: tuple[Fact, ...]
    evaluation: tuple[Fact, ...]
    steps: tuple[str, ...]
    build: Callable[[Path, Path], list[Measurement]]
    task: str = ""
    library: str = ""
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    base_model: str = ""
    base_relation: Literal["", "finetune", "quantized"] = ""
    licences_of: Mapping[str, str] = field(default_factory=dict)
    notice: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    configs: tuple[tuple[str, str], ...] = field(default=())
    sources: tuple[Source, ...] = ()
    use: Use | None = None
    findings: tuple[Finding, ...] = ()
    shared: tuple[str, ...] = ()
    minutes: int = 0
    is_slow: bool = False

    def fingerprint(self, owner: str) -> bytes:
        """JSON that changes when the packages, the way of building or the card would change; lies in the repository."""
        sources = [import_module(name) for name in (self.build.__module__, "seeds.cards", *self.shared)]
        recipe = hashlib.sha256(b"".join(Path(str(module.__file__)).read_bytes() for module in sources))
        content = {
            "seed": self.name,
            "owner": owner,
            "packages": {package.name: package.version for package in self.packages},
            "files": {path: sha256 for package in self.packages for path, sha256 in package.files.items()},
            "recipe": recipe.hexdigest(),
        }
        return (json.dumps(content, indent=1, sort_keys=True) + "\n").encode()
