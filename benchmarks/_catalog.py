"""Write a realistic catalog into an empty hub's database: `python -m benchmarks._catalog --models 200000`.

Which database is said by the hub's own settings (`HEADSTART_DATA`, `HEADSTART_DATABASE_URL`), which must be migrated.
The same number and seed make the same catalog. Files are those of a few templates, which all models share.
"""

import argparse
import datetime as dt
import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import django

from benchmarks._words import words
from hub.core import clock

CHUNK = 20_000
TEMPLATES = 16
WORDS = 30_000
# This user owns some models, half of them private, and is a member of the organisations that own the most.
BENCH, PASSWORD, ORGANISATIONS = "bench", "a-long-enough-password", 3
EVERY = 2_500
JOINED = "2023-01-01 00:00:00"


@dataclass
class Catalog:
    """The plan of a catalog of `models` models; `write` puts it into the database."""

    models: int
    seed: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    today: dt.date = field(default_factory=lambda: clock.now().date())

    def write(self) -> None:
        """Raises nothing on its own; an interrupted load leaves an unusable database."""
        from benchmarks._bulk import loading

        began = time.perf_counter()
        templates = _make_templates()
        with loading(*self._tables):
            self._write_owners()
            for start in range(0, self.models, CHUNK):
                self._write_chunk(start, min(CHUNK, self.models - start), templates)
            self.seconds["rows"] = time.perf_counter() - began
        self.seconds["indexes"] = time.perf_counter() - began - self.seconds["rows"]
        self._join_organisations()

    @cached_property
    def _tables(self) -> tuple[Any, ...]:
        from hub.accounts.models import Namespace, Organisation, User
        from hub.catalog.models import Ancestor, Card, CardText, Commit, PullDay, Ref, Repo, ReportedResult, RepoTag
        from hub.storage.models import Scope

        return (Namespace, User, Organisation, Scope, Repo, Card, CardText, RepoTag, Commit, Ref, Ancestor,
                ReportedResult, PullDay)  # fmt: skip

    @cached_property
    def first(self) -> dict[str, int]:
        """The last number of each table before this catalog."""
        from django.db.models import Max

        return {model.__name__: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in self._tables}

    @cached_property
    def owners(self) -> list[str]:
        """From who owns the most to who owns the least; one in twenty is an organisation."""
        made = words(WORDS)[200:]
        count = max(20, self.models // 10)
        return [
            f"{made[number * 7 % len(made)]}{'-ai' if self.is_organisation(number) else ''}-{number}"
            for number in range(count)
        ]

    @staticmethod
    def is_organisation(number: int) -> bool:
        return number % 20 == 0

    def _put(self, model: Any, names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        from benchmarks._bulk import write

        write(model, names, rows)
        self.rows[model.__name__] = self.rows.get(model.__name__, 0) + len(rows)

    def _write_owners(self) -> None:
        namespace, user, organisation = self._tables[:3]
        first = self.first["Namespace"]
        numbered = list(enumerate(self.owners))
        self._put(namespace, ("id", "name", "kind"), [
            (first + 1 + number, name, "org" if self.is_organisation(number) else "user") for number, name in numbered
        ])  # fmt: skip
        self._put(user, ("id", "public_id", "namespace_id", "username", "password", "joined_at"), [
            (self.first["User"] + 1 + number, f"ace0{number:020x}", first + 1 + number, name, "!", JOINED)
            for number, name in numbered if not self.is_organisation(number)
        ])  # fmt: skip
        self._put(organisation, ("id", "public_id", "namespace_id", "full_name", "created_at"), [
            (self.first["Organisation"] + 1 + number, f"0b90{number:020x}", first + 1 + number, name.title(),
             JOINED)
            for number, name in numbered if self.is_organisation(number)
        ])  # fmt: skip

    def _write_chunk(self, start: int, count: int, templates: list[dict[str, str]]) -> None:
        from benchmarks._models import Chunk

        chunk = Chunk(self, start, count)
        _, _, _, scope, repo, card, text, tag, commit, ref, ancestor, result, pull_day = self._tables
        rows: dict[Any, list[tuple[Any, ...]]] = {model: [] for model in self._tables[3:]}
        for one in chunk.models():
            template = templates[one.number % len(templates)]
            rows[scope].append((self.first["Scope"] + 1 + one.number, f"5c09{one.number:020x}"))
            rows[repo].append(one.repo)
            rows[card].append((*one.card, template["readme"], template["reading"]))
            rows[text].append((one.id, one.text))
            rows[tag].extend((one.id, value, value.casefold()) for value in one.tags)
            head, tree = template["commit"], template["tree"]
            rows[commit].append((one.id, head, tree, "", "Add the model", one.owner, one.updated))
            rows[ref].append((one.id, "refs/heads/main", head, one.updated))
            rows[ancestor].extend((one.id, *of) for of in one.ancestors)
            rows[result].extend((one.id, *of) for of in one.results)
            rows[pull_day] += [(one.id, self.today, one.pulls)] if one.pulls else []
        for model, names in ((scope, SCOPE), (repo, REPO), (card, CARD), (text, TEXT), (tag, TAG), (commit, COMMIT),
                             (ref, REF), (ancestor, ANCESTOR), (result, RESULT), (pull_day, PULL_DAY)):  # fmt: skip
            self._put(model, names, rows[model])

    def _join_organisations(self) -> None:
        from hub.accounts import services
        from hub.accounts.models import Organisation, Role, User

        bench = User.objects.get(username=BENCH)
        for organisation in Organisation.objects.filter(public_id__startswith="0b90").order_by("pk")[:ORGANISATIONS]:
            services.set_membership(by=services.SYSTEM, organisation=organisation, user=bench, role=Role.WRITE)


SCOPE = ("id", "key")
REPO = ("id", "public_id", "kind", "owner_id", "name", "key", "visibility", "gate", "created_at", "updated_at",
        "downloads", "likes", "trending", "review_state", "bias_severity", "scope_id")  # fmt: skip
CARD = ("repo_id", "metadata", "summary", "license", "pipeline_tag", "library_name", "parameters", "parameter_count",
        "size", "readme_oid", "reading")  # fmt: skip
TEXT = ("repo_id", "text")
TAG = ("repo_id", "value", "key")
COMMIT = ("repo_id", "oid", "tree", "parent", "title", "author_name", "committed_at")
REF = ("repo_id", "name", "target", "updated_at")
ANCESTOR = ("repo_id", "kind", "relation", "name", "key")
RESULT = ("repo_id", "position", "source", "path", "task", "dataset_name", "dataset", "metric", "benchmark", "value",
          "text")  # fmt: skip
PULL_DAY = ("repo_id", "day", "count")


def _make_templates() -> list[dict[str, Any]]:
    """Repositories made as a person makes them, whose commits and files all models of the catalog share."""
    from hub.accounts import services as accounts
    from hub.accounts.viewer import Viewer
    from hub.catalog import services
    from hub.catalog.operations import AddInline
    from hub.catalog.selectors import heads

    bench = accounts.create_user(by=accounts.SYSTEM, username=BENCH, password=PASSWORD)
    made = []
    for number in range(TEMPLATES):
        repo = services.create_repo(by=Viewer(user=bench), kind="model", owner=BENCH, name=f"template-{number}")
        files = [AddInline(path=path, data=data) for path, data in _files(number).items()]
        services.commit(by=Viewer(user=bench), repo=repo, revision="main", operations=files, title="Add the model")
        repo.refresh_from_db()
        head = heads([repo])[repo.pk]
        card = repo.card
        made.append({"commit": head.commit, "tree": head.tree, "readme": card.readme_oid, "reading": card.reading})
    return made


def _files(number: int) -> dict[str, bytes]:
    text = " ".join(words(400)[number * 20 :])
    sections = "".join(
        f"\n## {title}\n\n{text[at : at + 400]}\n" for at, title in enumerate(("Uses", "Limits", "Data"))
    )
    card = f"---\nlicense: apache-2.0\nlanguage: en\n---\n# Template {number}\n{sections}"
    config = json.dumps({"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 64 + number})
    return {"README.md": card.encode(), "config.json": config.encode(), "LICENSE": b"As the card says.\n" * 40}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    django.setup()
    catalog = Catalog(asked.models, asked.seed)
    began = time.perf_counter()
    catalog.write()
    seconds = time.perf_counter() - began
    told = {"models": asked.models, "seconds": round(seconds, 1), "models a second": round(asked.models / seconds)}
    print(json.dumps({**told, "stages": catalog.seconds, "rows": catalog.rows}))


if __name__ == "__main__":
    main()
