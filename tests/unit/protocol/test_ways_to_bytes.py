"""Every way to bytes, or to parts of them, and everything that stops a pull: nothing goes out by any of them."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import hub
from hub.accounts.viewer import Viewer
from hub.catalog import services
from hub.catalog.git import INLINE_LIMIT
from hub.catalog.operations import AddInline
from hub.catalog.selectors import revision_of
from hub.governance.models import Advisory, PolicyChange
from tests.factories import make_repo, make_token, viewer_of
from tests.factories.policies import make_malicious, make_profile, make_settled
from tests.unit.catalog.weights.made import safetensors

pytestmark = pytest.mark.django_db(transaction=True)
MARK = b"xyzzy"
BIG = MARK * INLINE_LIMIT
FILES = {
    "a.csv": b"name,count\nxyzzy,1\n",
    "big.txt": BIG,
    "model.safetensors": safetensors({"xyzzy.weight": ("F32", [2, 3], 24)}),
}
SHA = hashlib.sha256(BIG).hexdigest()


@dataclass(frozen=True)
class Place:
    """What is asked for, by whom: a revision by its name; `ref` is what git-lfs says of it."""

    repo: Any
    revision: str
    user: Any

    @property
    def at(self) -> Any:
        return revision_of(self.repo, self.revision)

    @property
    def ref(self) -> str:
        is_commit = re.fullmatch("[0-9a-f]{40}", self.revision)
        return "refs/heads/main" if is_commit else f"refs/heads/{self.revision}"

    def ask(self, method: str, address: str, **more: Any) -> Any:
        url = address.format(name=self.repo.full_name, rev=self.revision, kind=self.repo.kind)
        if url.startswith("http"):
            return getattr(Client(), method)(url.removeprefix("http://testserver"))
        token = {"authorization": f"Bearer {make_token(self.user)}"}
        return getattr(Client(), method)(url, headers=token, **more)

    def page(self, address: str) -> Any:
        browser = Client()
        browser.force_login(self.user, backend="django.contrib.auth.backends.ModelBackend")
        return browser.get(address.format(name=self.repo.full_name, rev=self.revision))

    def lfs(self) -> Any:
        asked = {"operation": "download", "transfers": ["basic"], "ref": {"name": self.ref}}
        asked["objects"] = [{"oid": SHA, "size": len(BIG)}]
        answer = self.ask(
            "post", "/{name}.git/info/lfs/objects/batch", data=json.dumps(asked), content_type="text/json"
        )
        return answer.json()["objects"][0]


# Files by the wire, as a program asks; with the status, what it got.
WIRE = {
    "file": ("get", "/{name}/resolve/{rev}/a.csv"),
    "head": ("head", "/{name}/resolve/{rev}/a.csv"),
    "large": ("get", "/{name}/resolve/{rev}/big.txt"),
    "saved": ("get", "/{name}/resolve/{rev}/big.txt?download=true"),
    "weights": ("get", "/{name}/resolve/{rev}/model.safetensors"),
    "xet": ("get", "/api/models/{name}/xet-read-token/{rev}"),
}
PAGES = {
    "blob": "/{name}/blob/{rev}/a.csv",
    "large blob": "/{name}/blob/{rev}/big.txt",
    "header": "/{name}/blob/{rev}/model.safetensors",
    "rows": "/{name}/rows/{rev}/a.csv",
    "weights": "/{name}/weights/{rev}",
}
# They say what was found in a quarantined file.
BLOBS = ("blob", "large blob", "header")
# Pages that stay, without the bytes.
STAYING = {"commit": "/{name}/commit/{rev}", "files": "/{name}/tree/{rev}"}
WAYS = [*(("wire", key) for key in WIRE), *(("page", key) for key in PAGES), *(("stays", key) for key in STAYING)]
WAYS += [("lfs", "batch"), ("lfs", "ticket")]


def go(place: Place, way: tuple[str, str], ticket: str) -> tuple[int, bytes]:
    """(status, the bytes that came)."""
    sort, key = way
    if sort == "lfs" and key == "batch":
        told = place.lfs()
        return told.get("error", {}).get("code", 200), json.dumps(told).encode()
    if sort == "lfs":
        answer = place.ask("get", ticket)
    elif sort == "wire":
        answer = place.ask(WIRE[key][0], WIRE[key][1])
    else:
        answer = place.page(PAGES[key] if sort == "page" else STAYING[key])
    return answer.status_code, b"".join(answer) if answer.streaming else answer.content


def make_place(user: Any) -> Place:
    return Place(make_repo(owner=user, files=FILES), "main", user)


def suspended(place: Place) -> Place:
    make_settled(place.repo, state="suspended", reason="Looked into.")
    return place


def revoked(place: Place) -> Place:
    make_settled(place.repo, state="revoked", reason="Withdrawn.")
    return place


def recalled(place: Place) -> Place:
    Advisory.objects.create(repo=place.repo, kind="recalled", reason="Leaks names.", by="root")
    PolicyChange.objects.create(kind="advisory")
    return place


def quarantined(place: Place) -> Place:
    for path in FILES:
        make_malicious(place.at, path)
    return place


def on_a_branch(place: Place) -> Place:
    services.create_branch(by=viewer_of(place.user), repo=place.repo, name="side", start="main")
    return quarantined(Place(place.repo, "side", place.user))


def in_an_old_commit(place: Place) -> Place:
    old = place.at.commit
    clean = {"a.csv": b"a\n1\n", "big.txt": b"clean", "model.safetensors": safetensors({"a": ("I8", [2], 2)})}
    changed = [AddInline(path=path, data=data) for path, data in clean.items()]
    services.commit(by=viewer_of(place.user), repo=place.repo, revision="main", operations=changed, title="Clean")
    return quarantined(Place(place.repo, old, place.user))


def as_a_copy(place: Place) -> Place:
    quarantined(place)
    return make_place(place.user)


def in_production(place: Place) -> Place:
    make_profile(is_default=True)
    return place


QUARANTINES = [quarantined, on_a_branch, in_an_old_commit, as_a_copy]
TROUBLES = [suspended, revoked, recalled, in_production, *QUARANTINES]


@pytest.fixture
def place(user: Any) -> Place:
    return make_place(user)


def ticket_of(place: Place) -> str:
    return str(place.lfs()["actions"]["download"]["href"])


@pytest.mark.parametrize("way", WAYS, ids="-".join)
def test_what_nothing_stops_goes_out(place: Place, way: tuple[str, str]) -> None:
    status, told = go(place, way, ticket_of(place))
    assert status == 200 and (MARK in told or way[1] in {"head", "xet", "files", "batch"})


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)
def test_what_is_stopped_goes_out_by_no_way(place: Place, trouble: Any) -> None:
    before = ticket_of(place)
    stopped = trouble(place)
    for way in WAYS:
        ticket = ticket_of(stopped) if way == ("lfs", "ticket") and "actions" in stopped.lfs() else before
        status, told = go(stopped, way, ticket)
        stays = way[0] == "stays" or (way[1] in BLOBS and trouble in QUARANTINES)
        assert (status, MARK in told) == (200 if stays else 403, False), way


@pytest.mark.parametrize("address", ["/{name}/edit/main/a.csv", "/{name}", "/{name}/blob/main/README.md"])
def test_words_stay_readable_but_for_quarantine(user: Any, address: str) -> None:
    repo = make_repo(owner=user, files={"a.csv": FILES["a.csv"], "README.md": b"# xyzzy\n"})
    place = Place(repo, "main", user)
    revision = make_settled(repo, state="suspended")
    is_words = "blob" not in address
    assert (MARK in place.page(address).content) is is_words
    type(revision).objects.update(state="approved")
    for path in ("a.csv", "README.md"):
        make_malicious(place.at, path)
    assert MARK not in place.page(address).content


def test_the_digest_of_what_was_stopped_brings_it_nowhere(user: Any, place: Place) -> None:
    from hub.catalog.models import Repo
    from hub.catalog.selectors import may_read_content

    assert may_read_content(Viewer(user=user), [SHA]) == {SHA}
    Repo.objects.filter(pk=place.repo.pk).update(review_state="suspended")
    assert may_read_content(Viewer(user=user), [SHA]) == set()


def test_reviewers_of_security_may_look_into_it(place: Place, admin: Any) -> None:
    quarantined(place)
    assert all(MARK in Place(place.repo, "main", admin).page(PAGES[key]).content for key in ("blob", "weights"))


def test_whatever_reads_bytes_for_somebody_asks_first() -> None:
    """A new view that reads files without a question to the rules is named here."""
    reads = re.compile(r"\b(?:file_at|find_file|contents_of|deliver|read_range|read_rows|weights_of)\(")
    asks = re.compile(r"\b(?:reading|pulls|policy)\.\w+\(")
    rooms = [Path(hub.__file__).parent / room for room in ("web", "protocol", "api")]
    found = [path for room in rooms for path in room.rglob("*.py") if reads.search(path.read_text())]
    silent = {path.name for path in found if not asks.search(path.read_text())}
    # Helpers of those that ask (their files come from `reading`), the question before a file is deleted, and the
    # checkpoints of a job, which are no repository's and go to the worker that has its lease.
    assert silent == {"previews.py", "delete.py", "worker_files.py"} and len(found) > 8
