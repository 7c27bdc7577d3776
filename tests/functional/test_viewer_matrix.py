"""What a viewer may not see changes nothing that they do see: not a name, not a word, not a number.

A small hub is asked at every address that lists, counts or relates repositories, once before the hidden things are
made and once after. Whoever may not see them gets the same answers both times; whoever may, sees them somewhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from hub.accounts.services import SYSTEM
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.celery import app
from hub.community import services
from tests.factories import make_org, make_repo, make_token, make_user
from tests.factories.jobs import make_job
from tests.factories.records import let_review

pytestmark = pytest.mark.django_db(transaction=True)

# For programs: with a token, or signed in.
CALLS = """
/api/models
/api/models?limit=3&full=true
/api/models?search=zzsecret
/api/models?filter=zztag
/api/models?author=vault
/api/models?sort=likes
/api/models?sort=trendingScore&expand=baseModels&expand=childrenModelCount&expand=likes
/api/models?filter=base_model:sam/open-base
/api/models?trained_dataset=vault/open-rows
/api/models/sam/open-base
/api/models/sam/open-base?expand=childrenModelCount
/api/models/vault/open-child?expand=baseModels
/api/models/sam/open-base/likers
/api/models/vault/open-child
/api/datasets
/api/datasets?search=zzsecret
/api/datasets/vault/open-rows
/api/datasets/vault/open-rows/leaderboard?base_model=false
/api/collections
/api/collections?owner=mia
/api/collections?item=models/vault/zzsecret-model
/api/collections/{collection}
/api/users/mia/likes
/api/users/sam/likes
/api/users/mia/overview
/api/organizations/vault/overview
/api/organizations/vault/members
/api/models-tags-by-type
/api/datasets-tags-by-type
/api/headstart/models/vault/open-child/licence?consumer=commercial
/api/headstart/datasets/vault/open-rows/licence
/api/headstart/search?kind=model
/api/headstart/search?kind=model&q=zzsecret
/api/headstart/search?kind=dataset
/api/headstart/search?kind=model&base_model=sam/open-base
/api/headstart/search?kind=model&dataset=vault/open-rows
/api/headstart/search?kind=model&benchmark=vault/open-rows/accuracy&score_min=0.5
/api/headstart/search?kind=model&q=zzwrod
/api/headstart/suggest?q=zzsec
/api/headstart/suggest?q=vault/zz
/api/headstart/suggest?q=zzsecert
/api/headstart/models/sam/open-base/similar
/api/headstart/models/vault/open-child/similar
/api/headstart/models/vault/open-child/findings
/api/headstart/models/vault/open-child/data-record
/api/headstart/datasets/vault/open-rows/findings
/api/headstart/models/sam/open-base/access
/api/headstart/agreements
/api/headstart/leaderboard?dataset=vault/open-rows
/api/headstart/results?model=vault/open-child
/api/headstart/results/compare?model=sam/open-base&model=vault/open-child
/api/headstart/models/vault/open-child/use-record
/api/headstart/models/vault/open-child/scan
/api/headstart/models/vault/open-child/decision
/api/headstart/models/vault/open-child/reviews/{child}
/api/headstart/models/vault/open-child/signature/main
/api/headstart/models/vault/open-child/export/main/cyclonedx
/api/headstart/datasets/vault/open-rows/export/main/croissant
/api/headstart/offers
/api/headstart/jobs
/api/headstart/jobs?owner=vault
/api/headstart/jobs?repo=vault/zzsecret-model
/feeds/models.atom
/feeds/datasets.atom
/feeds/vault.atom
/feeds/mia.atom
/feeds/sam.atom
"""
PAGES = """
/
/models
/models?q=zzsecret
/models?q=zzword
/governance
/models?owner=vault
/models?library=zzlibrary
/models?sort=likes
/models?sort=trending
/models?base_model=sam/open-base
/models?dataset=vault/open-rows
/models?benchmark=vault/open-rows/accuracy&score_min=0.5
/datasets
/datasets?q=zzsecret
/search/suggestions?q=zzsec
/search/suggestions?q=vault/zz
/sam
/mia
/vault
/sam/open-base
/sam/open-base/likers
/sam/open-base/lineage
/sam/open-base/evaluations
/sam/open-base/use
/sam/open-base/licence
/sam/open-base/data
/sam/open-base/bias
/vault/open-child/bias
/datasets/vault/open-rows/reach
/sam/open-base/access
/sam/open-base/commits/main
/vault/open-child
/vault/open-child/lineage
/vault/open-child/review
/vault/open-child/dossier/main
/vault/open-child/export/main/cyclonedx
/vault/open-child/export/main/spdx
/datasets/vault/open-rows/review
/datasets/vault/open-rows/bias
/datasets/vault/open-rows/dossier/main
/datasets/vault/open-rows/export/main/croissant
/governance/licences
/governance/licences/mit
/governance/thresholds
/vault/open-child/data
/vault/open-child/licence
/datasets/vault/open-rows
/datasets/vault/open-rows/lineage
/datasets/vault/open-rows/evaluations
/datasets/vault/open-rows/leaderboard
/datasets/vault/open-rows/data
/datasets/vault/open-rows/licence
/datasets/vault/open-rows/use
/datasets/vault/open-rows/likers
/compare?m=sam/open-base&m=vault/open-child
/compare?m=sam/open-base&m=vault/zzsecret-model
/collections
/collections?owner=mia
/collections/{collection}
"""
SIGNED_IN = """
/api/organizations/vault/settings/repositories
/desk
/desk?q=zzsecret
/desk?state=intake
/ledger
/ledger?subject=zz
/notifications
/likes
/agreements
/recalls
/governance/rules
/governance/rules/P-01
/governance/profiles
/governance/waivers
/governance/pulls
/governance/reviewers
/settings
/settings/tokens
/login/device
/jobs
/jobs?repo=vault/zzsecret-model
/workers
/vault/open-child/finetune
/vault/open-child/evaluate?dataset=vault/zzsecret-data
/datasets/vault/open-rows/rank
/datasets/vault/open-rows/rank?candidates=vault/zzsecret-model
/new/model
/sam/open-base/collect
"""
# For whoever owns it: what depends on a repository, and names that the card's editor proposes.
OWNERS = """
/sam/open-base/settings
/sam/open-base/settings/access
/sam/open-base/edit/main/README.md
"""
# For administrators of the hub alone.
ADMINS = """
/governance/recalls
"""
# What is hidden, by its own address: not there, before and after.
HIDDEN_AT = """
/vault/zzsecret-model
/vault/zzsecret-model/lineage
/vault/zzsecret-model/access
/api/headstart/models/vault/zzsecret-model/access
/vault/zzsecret-model/user-access-report
/vault/zzturned/tree/main
/vault/zzturned/commits/main
/datasets/vault/zzsecret-data
/api/models/vault/zzsecret-model
/api/models/vault/zzsecret-model/likers
/api/datasets/vault/zzsecret-data/leaderboard
/api/headstart/models/vault/zzsecret-model/similar
/api/jobs/vault
/api/jobs/vault?stage=SCHEDULING
/vault/zzturned/resolve/main/zzfile.txt
"""
BLIND = ("anonymous", "stranger", "limited")
SEEING = ("member", "admin", "root")
# Where those who may see the hidden things find at least one of them.
TOLD_AT = """
/api/models
/api/datasets
/models
/datasets
/vault
/feeds/vault.atom
/collections/{collection}
/models?base_model=sam/open-base
/models?dataset=vault/open-rows
/search/suggestions?q=zzsec
/api/headstart/suggest?q=vault/zz
/api/headstart/search?kind=model&benchmark=vault/open-rows/accuracy&score_min=0.5
/api/headstart/jobs?owner=vault
/api/models?sort=trendingScore&expand=baseModels&expand=childrenModelCount&expand=likes
/api/models-tags-by-type
/api/datasets/vault/open-rows/leaderboard?base_model=false
/api/headstart/models/sam/open-base/similar
/sam/open-base/lineage
/datasets/vault/open-rows/lineage
/datasets/vault/open-rows/evaluations
/compare?m=sam/open-base&m=vault/zzsecret-model
"""
HIDDEN = ("zzsecret-model", "zzsecret-data", "zzword", "zztag", "zzlibrary", "zzturned", "zzsecret collection")
# Below a gated repository: whatever might show what is in its files.
GATED = """
tree/main
blob/main/zzgated.csv
data
lineage
commits/main
compare/main...main
raw/main/zzgated.csv
access
"""
SECRET_WORDS = b"words behind the gate"
# Times and what follows from them; how far the ledger goes, which is the same for everybody and no secret.
_MOVES = re.compile(
    r'<time\b.*?</time>|name="csrfmiddlewaretoken" value="\w+"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)'
    r"|urn:uuid:[\da-f-]{36}|made \d+ \w+ \d{4}, \d\d:\d\d UTC|<dt>(?:Written|Head)</dt><dd[^>]*>[^<]*</dd>",
    re.DOTALL,
)
CARD = """---
license: zzlicence
library_name: zzlibrary
pipeline_tag: text-generation
language: [fr]
tags: [zztag]
base_model: sam/open-base
datasets: [vault/open-rows]
model-index:
- name: zzname
  results:
  - task: {type: text-generation}
    dataset: {name: zzbench, type: vault/open-rows}
    metrics: [{type: accuracy, value: 0.99}]
---
# Zzword

A zzword that nobody else has.
"""


def rows(*tables: str) -> list[str]:
    return [row for table in tables for row in table.split()]


@dataclass
class Hub:
    """Who asks: a browser for each, and the token of those who send one. `child`: the head of vault/open-child."""

    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    collection: str = ""
    child: str = ""

    def get(self, who: str, path: str) -> Any:
        told = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        return self.clients[who].get(path.format(collection=self.collection, child=self.child), **told)

    def answer(self, who: str, path: str) -> tuple[Any, ...]:
        """Status, counts, and the lines of the body in any order, without times."""
        response = self.get(who, path)
        text = _MOVES.sub("", response.content.decode())
        lines = sorted(re.split(r"[\n{}]|(?<=>)(?=<)", text))
        return response.status_code, response.get("X-Total-Count"), bool(response.get("Link")), lines


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Iterator[Hub]:
    """People and public things. What the hub sends to its worker is done at once."""
    app.loader.import_default_modules()
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: app.tasks[name](**kwargs))
    settings.STORAGE_DIR = tmp_path / "storage"
    sam, mia, ada, root = make_user("sam"), make_user("mia"), make_user("ada"), make_user("root", is_admin=True)
    vault = make_org("vault", admin=ada, read=mia)
    child = b"---\nlicense: mit\nbase_model: [sam/open-base, vault/zzsecret-base]\n---\n# Child\n\nPublic words.\n"
    make_repo("open-base", owner=sam, files={"README.md": b"---\nlicense: mit\n---\n# Base\n\nPublic words.\n"})
    opened = make_repo("open-child", owner="vault", files={"README.md": child})
    make_repo("open-rows", owner="vault", kind="dataset", files={"rows.csv": b"a\n1\n"})
    for name, kind in (("open-gated", "model"), ("gated-rows", "dataset")):
        gated = make_repo(name, owner="vault", kind=kind, files={"zzgated.csv": b"a,b\n" + SECRET_WORDS + b",2\n"})
        catalog.update_settings(by=SYSTEM, repo=gated, gated="auto")
    # Reviewing opens the desk, and no private repository.
    let_review(sam, "licence", "security")
    made = services.create_collection(by=Viewer(user=mia), owner=mia.namespace, title="Mia's own")
    services.add_item(by=Viewer(user=mia), collection=made, repo=opened)
    services.watch_owner(by=Viewer(user=sam), owner=vault.namespace)
    head = opened.refs.get(name="refs/heads/main").target
    built = Hub({who: Client() for who in BLIND + SEEING}, collection=f"mia/{made.address}", child=head)
    for who, user in (("stranger", sam), ("member", mia), ("admin", ada), ("root", root)):
        built.clients[who].force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    built.tokens["limited"] = make_token(ada, "write", repositories=[opened.public_id])
    yield built


def hide() -> None:
    """Make all that must not show: private things, what is made from public ones, and what was public once."""
    from hub.accounts.selectors import find_user
    from hub.community.models import Collection

    mia, ada, sam = (Viewer(user=find_user(name)) for name in ("mia", "ada", "sam"))
    files = {"README.md": CARD.encode(), "zzfile.txt": b"zzword"}
    secret = make_repo("zzsecret-model", owner="vault", private=True, files=files)
    rows_ = make_repo("zzsecret-data", owner="vault", kind="dataset", private=True, files={"README.md": CARD.encode()})
    make_repo("zzsecret-base", owner="vault", private=True, files={"README.md": CARD.encode()})
    turned = make_repo("zzturned", owner="vault", files=files)
    services.like(by=sam, repo=turned)
    services.watch_repo(by=sam, repo=turned)
    make_job(ada.user, owner=secret.owner, base=secret, dataset=rows_, title="Evaluation of zzsecret-model")
    data = [AddInline(path="more.txt", data=b"more")]
    catalog.commit(by=ada, repo=turned, revision="main", operations=data, title="More")
    catalog.update_settings(by=ada, repo=turned, private=True)
    collection = Collection.objects.get(title="Mia's own")
    for repo in (secret, rows_, turned):
        services.like(by=mia, repo=Repo.objects.select_related("owner").get(pk=repo.pk))
        services.add_item(by=mia, collection=collection, repo=Repo.objects.select_related("owner").get(pk=repo.pk))
    catalog.create_tag(by=ada, repo=secret, name="zztag-v1")
    services.create_collection(by=mia, owner=collection.owner, title="Zzsecret collection", private=True)


def asked(who: str) -> list[str]:
    """What is there for this viewer to ask: pages take no tokens."""
    known = rows(CALLS) if who == "limited" else rows(CALLS, PAGES)
    known += rows(SIGNED_IN) if who in {"stranger", *SEEING} else []
    return known + (rows(OWNERS) if who == "stranger" else [])


def test_whoever_may_not_see_notices_nothing(hub: Hub) -> None:
    before = {(who, path): hub.answer(who, path) for who in BLIND for path in asked(who) + rows(HIDDEN_AT)}
    hide()
    differ = [f"{who} {path}" for (who, path), told in before.items() if hub.answer(who, path) != told]
    assert differ == [], [told_apart(hub, before, each) for each in differ[:3]]


def told_apart(hub: Hub, before: dict[tuple[str, str], Any], which: str) -> str:
    who, _, path = which.partition(" ")
    old, new = before[who, path], hub.answer(who, path)
    return f"{which}: {old[:3]} {new[:3]} {sorted(set(old[3]) ^ set(new[3]))[:6]}"


def test_no_hidden_word_stands_anywhere(hub: Hub) -> None:
    hide()
    found = []
    for who in BLIND:
        # What was asked for is said again; the test above compares those.
        for path in [path for path in asked(who) if "zz" not in path]:
            text = hub.get(who, path).content.decode().lower()
            found += [f"{who} {path}: {word}" for word in HIDDEN if word in text]
    assert found == []


@pytest.mark.parametrize("who", SEEING)
def test_whoever_may_see_does(hub: Hub, who: str) -> None:
    hide()
    blind = [path for path in rows(TOLD_AT) if "zz" not in hub.get(who, path).content.decode().lower()]
    assert blind == []


def test_every_address_is_there(hub: Hub) -> None:
    """A mistyped one would tell everybody the same."""
    answers = {path: hub.get("anonymous", path).status_code for path in rows(CALLS, PAGES)}
    answers |= {path: hub.get("stranger", path).status_code for path in rows(SIGNED_IN, OWNERS)}
    refused = [(who, path) for who in ("anonymous", "stranger", "member", "admin") for path in rows(ADMINS)]
    assert {hub.get(*each).status_code for each in refused} == {302, 403}
    assert {path: status for path, status in answers.items() if status != 200} == {}
    hide()
    hidden = {path: hub.get("root", path).status_code for path in rows(HIDDEN_AT, ADMINS)}
    assert {path: status for path, status in hidden.items() if status != 200} == {}


def test_the_editor_proposes_no_hidden_name(hub: Hub) -> None:
    """While somebody types what their card is made from."""
    hide()
    told = {"action": "look", "mode": "form", "base_model": "vault/zz", "datasets": "vault/zz", "body": "Words."}
    found = {}
    for who, at in (("stranger", "/sam/open-base"), ("root", "/sam/open-base")):
        answer = hub.clients[who].post(f"{at}/edit/main/README.md", told)
        found[who] = answer.status_code, b"vault/zzsecret" in answer.content
    assert found == {"stranger": (200, False), "root": (200, True)}


@pytest.mark.parametrize("at", ["/vault/open-gated", "/datasets/vault/gated-rows"])
def test_gated_files_are_listed_and_not_read(hub: Hub, at: str) -> None:
    pages = [at, *(f"{at}/{page}" for page in rows(GATED))]
    oid = re.search(r"/commit/([0-9a-f]{40})", hub.get("member", f"{at}/commits/main").content.decode())
    assert oid
    pages += [f"{at}/commit/{oid[1]}", f"{at}/rows/main/zzgated.csv", f"{at}/resolve/main/zzgated.csv"]
    for who in ("anonymous", "stranger"):
        assert [page for page in pages if SECRET_WORDS in body_of(hub.get(who, page))] == []
        assert hub.get(who, f"{at}/resolve/main/zzgated.csv").status_code in {401, 403}
    assert hub.get("limited", f"{at}/resolve/main/zzgated.csv").status_code in {401, 403}
    seen = [page for page in pages if SECRET_WORDS in body_of(hub.get("member", page))]
    assert {f"{at}/resolve/main/zzgated.csv", f"{at}/blob/main/zzgated.csv", f"{at}/commit/{oid[1]}"} <= set(seen)
    assert b"zzgated.csv" in hub.get("anonymous", f"{at}/tree/main").content


def body_of(response: Any) -> bytes:
    return b"".join(response)


def test_a_tokens_limit_opens_what_it_names(hub: Hub) -> None:
    """The holder's own organisation has more; the token shows its one repository, and what everybody sees."""
    hide()
    named = {found["id"] for found in hub.get("limited", "/api/models").json()}
    assert named == {found["id"] for found in hub.get("anonymous", "/api/models").json()}
