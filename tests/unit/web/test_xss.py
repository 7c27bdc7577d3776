"""Hostile text wherever strangers can write: no page gives it a script, a style or an address elsewhere."""

import html.parser
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from hub.catalog import services
from hub.catalog.errors import BadPath
from hub.catalog.operations import AddInline
from hub.catalog.paths import check_path
from hub.governance.licences.table import row_of_licence
from hub.governance.models import Domain
from hub.governance.selectors import reviews as selectors
from hub.governance.selectors.licence_table import current_table
from hub.governance.services import data, findings, licences, profiles, reviews, rules, uses
from hub.governance.services.recalls import recall
from hub.governance.services.waivers import ask_waiver
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.governance import CARD, MALWARE, examined
from tests.factories.records import let_review, note

HOSTILE = (Path(__file__).parent / "hostile.txt").read_text().splitlines()
ALL = "\n\n".join(HOSTILE)
LOADS = {"img", "audio", "video", "source", "script", "track", "input", "link"}
NEVER = {"style", "iframe", "object", "embed", "applet", "base", "marquee", "frame", "isindex", "template", "xss"}
OURS = {"copy-button", "theme-toggle", "suggest-box", "chart-host", "lineage-graph", "desk-keys"}


class Page(html.parser.HTMLParser):
    """Collects what must not be on a page; empty when all is well."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.is_script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        shown = f"<{tag} {attributes}>"
        is_meta_redirect = tag == "meta" and "http-equiv" in attributes
        if tag in NEVER or is_meta_redirect or ("-" in tag and tag not in OURS):
            self.faults.append(shown)
        if any(name.startswith("on") or name in {"style", "srcset", "srcdoc", "formaction"} for name in attributes):
            self.faults.append(shown)
        for name in ("href", "src", "action", "data", "poster", "xlink:href"):
            self.check_address(tag, name, attributes, shown)
        is_data = tag == "script" and attributes.get("type") == "application/json" and "src" not in attributes
        if tag == "script" and not is_data and not attributes.get("src", "").startswith("/static/"):
            self.faults.append(shown)
        self.is_script = tag == "script" and not is_data

    def check_address(self, tag: str, name: str, attributes: dict[str, str], shown: str) -> None:
        address = re.sub(r"[\x00-\x20]", "", attributes.get(name, "")).lower()
        if re.match(r"(javascript|vbscript|data|blob|file):", address):
            self.faults.append(shown)
        is_elsewhere = re.match(r"[a-z][a-z0-9+.-]*:|//|[/\\]{2}|/\\", address) is not None
        if is_elsewhere and (
            tag in LOADS or name == "action" or tag != "a" or "nofollow" not in attributes.get("rel", "")
        ):
            self.faults.append(shown)

    def handle_data(self, data: str) -> None:
        if self.is_script and data.strip():
            self.faults.append(f"script: {data}")

    def handle_endtag(self, tag: str) -> None:
        self.is_script = False


def get(client: Any, url: str, statuses: tuple[int, ...] = (200,)) -> None:
    response = client.get(url)
    assert response.status_code in statuses, url
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "script-src testserver/static/;" in policy
    assert Page(response.content.decode()).faults == [], url


def card(payload: str) -> bytes:
    lists = ("license", "language", "tags", "datasets", "base_model", "task_categories", "source_datasets")
    metadata: dict[str, Any] = {name: [payload, *HOSTILE] for name in lists}
    metadata |= dict.fromkeys(("pipeline_tag", "library_name", "license_name", "license_link", "thumbnail"), payload)
    records = [{"statement": each, "source": each, "time_span": {each[:20]: each}, "licence": each} for each in HOSTILE]
    metadata["headstart"] = {"training_data": records, "known_biases": records, "intended_use": HOSTILE}
    result = {
        "dataset": {"name": payload, "type": payload},
        "metrics": [{"type": payload, "name": payload, "value": payload}],
    }
    metadata["model-index"] = [{"name": payload, "results": [result]}]
    sections = "\n\n".join(f"## Bias {each}\n\n{each}\n\n### Training data\n\n- {each}" for each in HOSTILE)
    table = f"| a |\n|---|\n| {payload} |\n"
    return f"---\n{yaml.safe_dump(metadata)}---\n# {payload}\n\n{ALL}\n\n{sections}\n\n{table}".encode()


def weights() -> bytes:
    tensors = {each: {"dtype": "U8", "shape": [1], "data_offsets": [at, at + 1]} for at, each in enumerate(HOSTILE)}
    header = json.dumps(tensors).encode()
    return len(header).to_bytes(8, "little") + header + bytes(len(HOSTILE))


def storable_names() -> list[str]:
    names = []
    for each in HOSTILE:
        try:
            names.append(check_path(each.replace("/", "∕") + ".txt"))
        except BadPath:
            continue
    return names


FILES = {
    "LICENSE": ALL.encode(),
    "data/train.csv": ("\n".join(json.dumps(each) + ",x" for each in HOSTILE)).encode(),
    "rows.jsonl": "\n".join(json.dumps({each: each}) for each in HOSTILE).encode(),
    "a.json": json.dumps([{each: each} for each in HOSTILE]).encode(),
    "b.html": ALL.encode(),
    "c.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>",
    "d.py": ALL.encode(),
    "notes.md": ALL.encode(),
    "model.safetensors": weights(),
}


@pytest.mark.parametrize("kind", ["model", "dataset"])
@pytest.mark.parametrize("payload", HOSTILE[::25])
def test_a_hostile_repository_is_harmless(client, db, kind: str, payload: str) -> None:
    user = make_user(full_name=payload[:100])
    repo = make_repo(name="evil", owner=user, kind=kind, files={**FILES, "README.md": card(payload)})
    services.commit(
        by=viewer_of(user),
        repo=repo,
        revision="main",
        operations=[
            AddInline(path=path, data=b"changed\n" + data)
            for path, data in FILES.items()
            if path.endswith(("LICENSE", ".csv", ".py"))
        ],
        title=payload,
        description=ALL,
    )
    at = f"{'/datasets' if kind == 'dataset' else ''}/{repo.full_name}"
    for page in ("", "/tree/main", "/commits/main", "/commit/main", "/compare", "/data", "/licence", "/bias"):
        get(client, at + page)
    for path in ("README.md", *FILES):
        get(client, f"{at}/blob/main/{path}")
    for path in ("data/train.csv", "rows.jsonl", "a.json", "b.html"):
        get(client, f"{at}/rows/main/{path}")
    for page in ("/models", "/datasets", "/", f"/{user.username}"):
        get(client, page)


def governed(payload: str) -> tuple[Any, Any]:
    """A revision with hostile words in each thing that people write on governance; who administers the hub."""
    admin = let_review(make_user(is_admin=True), *Domain.values)
    by, payload = viewer_of(admin), payload[:90]
    files = {
        "README.md": CARD,
        "model.safetensors": weights(),
        **dict.fromkeys(storable_names()[::20], MALWARE["model.pkl"]),
    }
    revision = examined(make_repo(name="evil", owner=make_user(full_name=payload), files=files))
    repo, owner = revision.repo, viewer_of(revision.repo.created_by)
    why = {"unknown": ALL[:1_000]}
    source = {"external": {"name": payload, "url": "https://example.org/?" + quote(payload)}, "modality": "text"}
    data.record(by=owner, repo=repo, body={"training_data": [{**source, "consent": {"basis": why}}]})
    uses.record(by=owner, repo=repo, body={name: [payload] for name in ("intended", "users", "out_of_scope")})
    findings.file(by=owner, repo=repo, kind="suspected", body=note(payload))
    said = {"title": payload, "message": payload, "mend": payload, "reason": payload}
    rules.save_rule(by=by, code="A-01", expression='pull.asked == "main"', **said)
    profiles.save_profile(by=by, name=payload, purposes=[payload])
    ask_waiver(by=owner, rule="A-01", repo=repo, reason=payload, days=5)
    recall(by=by, repo=repo, reason=payload, replacement=payload, derived=True)
    reviews.comment(by=owner, revision=revision, text=payload)
    reviews.reject_quarantined(by=by, revision=selectors.fresh(revision.pk), reason=payload)
    row = row_of_licence(current_table().get("mit")) | {"id": "evil", "name": payload, "note": payload}
    licences.set_licence(by=by, properties=row, text=ALL, reason=payload)
    return revision, admin


@pytest.mark.parametrize("payload", HOSTILE[::40])
def test_hostile_words_on_governance_are_harmless(client, db, payload: str) -> None:
    revision, admin = governed(payload)
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    at, finding = f"/{revision.repo.full_name}", revision.repo.findings.get().number
    tails = f"review review/{revision.commit} data data/edit use-record/edit licence bias bias/{finding} access"
    for tail in (*tails.split(), "dossier/main", "tree/main", "commits/main"):
        get(client, f"{at}/{tail}")
    pages = "rules rules/A-01 profiles waivers recalls pulls reviewers licences licences/evil thresholds"
    for page in (*pages.split(), f"recalls/{revision.repo.advisories.get(cause=None).pk}"):
        get(client, f"/governance/{page}")
    for page in ("/governance", "/desk", "/ledger", "/recalls", "/agreements", "/notifications", "/models"):
        get(client, page)


def test_hostile_names_of_files_are_harmless(client, user) -> None:
    names = storable_names()
    repo = make_repo(name="names", owner=user, files=dict.fromkeys(names, b"x"))
    assert len(names) > 60
    for page in ("tree/main", "commit/main"):
        get(client, f"/{repo.full_name}/{page}")
    for name in names[::10]:
        get(client, f"/{repo.full_name}/blob/main/{quote(name)}")


@pytest.mark.parametrize("payload", HOSTILE[::8])
def test_hostile_addresses_are_harmless(client, model, payload: str) -> None:
    odd = quote(payload, safe="")
    any_ = (200, 302, 400, 404, 422)
    for url in (f"/models?q={odd}", f"/datasets?q={odd}&sort={odd}", f"/login?next={odd}", f"/{odd}", f"/{odd}/{odd}"):
        get(client, url, any_)
    at = f"/{model.full_name}"
    for tail in (f"tree/{odd}", f"blob/main/{odd}", f"rows/main/{odd}", f"commit/{odd}", f"compare/{odd}...{odd}"):
        get(client, f"{at}/{tail}", any_)
    get(client, f"{at}/compare/main...main?path={odd}", any_)
    get(client, f"{at}/rows/main/data/rows.csv?from={odd}&at={odd}")


def test_the_look_at_a_page_finds_what_is_hostile() -> None:
    for raw in (
        "<script>x</script>",
        "<p onclick=x>",
        "<a href=' javascript:x'>",
        "<img src=//evil.example>",
        "<style>",
    ):
        assert Page(raw).faults, raw
