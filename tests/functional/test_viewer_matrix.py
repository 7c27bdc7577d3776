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

pytestmark = pytest.mark.django_db(transaction=True)

# For programs: with a token, or signed in.
CALLS = """
/api/models
/api/models?limit=3&full=true
/api/models?search=zzsecret
/api/models?filter=zztag
/api/models?author=vault
/api/models?sort=likes
/api/models/sam/open-base
/api/models/sam/open-base/likers
/api/models/vault/open-child
/api/datasets
/api/datasets?search=zzsecret
/api/collections
/api/collections?owner=mia
/api/collections?item=models/vault/zzsecret-model
/api/collections/{collection}
/api/users/mia/likes
/api/users/sam/likes
/api/users/mia/overview
/api/organizations/vault/overview
/api/models-tags-by-type
/api/datasets-tags-by-type
/api/headstart/search?kind=model
/api/headstart/search?kind=model&q=zzsecret
/api/headstart/search?kind=dataset
/api/headstart/suggest?q=zzsec
/api/headstart/models/sam/open-base/similar
/feeds/models.atom
/feeds/datasets.atom
/feeds/vault.atom
"""
PAGES = """
/
/models
/models?q=zzsecret
/models?q=zzword
/models?owner=vault
/models?library=zzlibrary
/models?sort=likes
/datasets
/datasets?q=zzsecret
/sam
/mia
/vault
/sam/open-base
/sam/open-base/likers
/sam/open-base/lineage
/sam/open-base/evaluations
/sam/open-base/use
/vault/open-child
/vault/open-child/lineage
/vault/open-child/data
/datasets/vault/open-rows
/datasets/vault/open-rows/lineage
/compare?m=sam/open-base&m=vault/open-child
/collections
/collections?owner=mia
/collections/{collection}
"""
SIGNED_IN = """
/notifications
/likes
/settings
/sam/open-base/collect
"""
# Addresses of the tables above that other work brings. As soon as one answers, it must be taken off this list.
NOT_YET = """
/api/models-tags-by-type
/api/datasets-tags-by-type
/api/headstart/search?kind=model
/api/headstart/search?kind=model&q=zzsecret
/api/headstart/search?kind=dataset
/api/headstart/suggest?q=zzsec
/api/headstart/models/sam/open-base/similar
/vault/open-child/data
/compare?m=sam/open-base&m=vault/open-child
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
"""
HIDDEN = ("zzsecret-model", "zzsecret-data", "zzword", "zztag", "zzlibrary", "zzturned", "zzsecret collection")
_MOVES = re.compile(
    r'<time\b.*?</time>|name="csrfmiddlewaretoken" value="\w+"|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)', re.DOTALL
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
    """Who asks: a browser for each, and the token of those who send one."""

    clients: dict[str, Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    collection: str = ""

    def get(self, who: str, path: str) -> Any:
        told = {"HTTP_AUTHORIZATION": f"Bearer {self.tokens[who]}"} if who in self.tokens else {}
        return self.clients[who].get(path.format(collection=self.collection), **told)

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
    gated = make_repo("open-gated", owner="vault", files={"notes.txt": b"zzgated words"})
    catalog.update_settings(by=SYSTEM, repo=gated, gated="auto")
    made = services.create_collection(by=Viewer(user=mia), owner=mia.namespace, title="Mia's own")
    services.add_item(by=Viewer(user=mia), collection=made, repo=opened)
    services.watch_owner(by=Viewer(user=sam), owner=vault.namespace)
    built = Hub({who: Client() for who in BLIND + SEEING}, collection=f"mia/{made.address}")
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
    return [path for path in known if path not in rows(NOT_YET)]


def test_whoever_may_not_see_notices_nothing(hub: Hub) -> None:
    before = {(who, path): hub.answer(who, path) for who in BLIND for path in asked(who)}
    hide()
    differ = [f"{who} {path}" for (who, path), told in before.items() if hub.answer(who, path) != told]
    assert differ == [], told_apart(hub, before, differ[0])


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
    """And what has come is taken off the list of what is not there yet."""
    assert set(rows(NOT_YET)) <= set(rows(CALLS, PAGES))
    answers = {path: hub.get("anonymous", path).status_code for path in rows(CALLS, PAGES)}
    expected = {path: 404 if path in rows(NOT_YET) else 200 for path in answers}
    assert answers == expected


def test_gated_files_are_listed_and_not_read(hub: Hub) -> None:
    at = "/vault/open-gated"
    for who in BLIND:
        paths = [f"{at}/resolve/main/notes.txt"] + ([] if who == "limited" else [f"{at}/blob/main/notes.txt"])
        for path in paths:
            response = hub.get(who, path)
            assert response.status_code in {401, 403} and b"zzgated" not in response.content
    assert b"zzgated" in b"".join(hub.get("member", f"{at}/resolve/main/notes.txt"))


def test_a_tokens_limit_opens_what_it_names(hub: Hub) -> None:
    """The holder's own organisation has more; the token shows its one repository, and what everybody sees."""
    hide()
    named = {found["id"] for found in hub.get("limited", "/api/models").json()}
    assert named == {found["id"] for found in hub.get("anonymous", "/api/models").json()}
