"""Every page of the site: at most so many queries, and as many for much as for little."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from hub.accounts import services as accounts
from hub.accounts.models import AccessToken, Role, User
from hub.accounts.selectors import find_organisation
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.community import services as community
from hub.community.models import Notification
from hub.governance.models import Revision
from hub.governance.selectors import policies, pull_facts, quarantine
from hub.governance.services import examination
from tests.browser import demo, demo_jobs, job_pages
from tests.browser.demo_people import COLLECTION_ID
from tests.factories import make_user

MODEL, DATA = "/headstart/all-minilm-l6-v2", "/datasets/headstart/digits"
COLLECTION = f"/collections/ada/{COLLECTION_ID}"
FOUR = "&".join(f"m=vision-team/{name}" for name in ("defect-detector", "sweep-01", "sweep-02", "sweep-03"))
MANY = 8
# How many queries at most: below the address of a model and of a data set, for anybody and for who may change it.
TABS = {
    "": 30,
    "/tree/main": 7,
    "/tree/main/table": 7,
    "/blob/main/README.md": 9,
    "/blob/main/table/rows.csv": 9,
    "/rows/main/table/rows.csv": 5,
    "/data": 5,
    "/licence": 6,
    "/bias": 11,
    "/bias/1": 5,
    "/compare": 3,
    "/compare/main...main": 7,
    "/commits/main": 7,
    "/commit/main": 9,
    "/likers": 2,
    "/lineage": 15,
    "/evaluations": 7,
    "/use": 4,
    "/dossier/main": 31,
    "/export/main/cyclonedx": 29,
    "/review": 53,
    "/review/main": 53,
    "/access": 8,
}
OURS = {
    "": 36,
    "/collect": 6,
    "/settings": 17,
    "/settings/access": 9,
    "/upload/main": 7,
    "/edit/main/README.md": 14,
    "/delete/main/README.md": 7,
    "/data/edit": 12,
    "/use-record/edit": 12,
    "/bias/new": 12,
    "/bias/1/edit": 12,
    "/review": 68,
    "/review/main": 67,
}
# For somebody signed in, on top of these: which domains they review, and how much waits for them.
DESK = 2
# Of the site, for anybody and for somebody signed in (session, user, memberships and the masthead's count: four).
SITE = {
    "/": 9,
    "/models": 3,
    "/models?q=digits": 4,
    "/datasets": 3,
    "/search/suggestions?q=re": 1,
    f"/compare?{FOUR}": 11,
    "/glossary": 0,
    "/guide": 2,
    "/governance/licences": 1,
    "/governance/licences/mit": 2,
    "/login": 0,
    "/collections": 2,
    COLLECTION: 3,
    "/feeds/models.atom": 1,
    "/governance": 4,
    "/feeds/vision-team.atom": 2,
    "/ui/": 0,
    "/governance/thresholds": 1,
    f"{DATA}/reach": 11,
    f"{DATA}/leaderboard": 10,
    "/vision-team": 6,
    "/ada": 9,
    f"{MODEL}/weights": 6,
    f"{MODEL}/weights/main": 6,
}
OWN = {
    "/": 14,
    "/models": 7,
    "/settings": 5,
    "/settings/password": 4,
    "/settings/tokens": 7,
    "/login/device": 4,
    "/settings/profile": 4,
    "/settings/organisations/vision-team": 6,
    "/settings/organisations/vision-team/profile": 5,
    "/governance/rules": 8,
    "/governance/rules/P-01": 8,
    "/governance/profiles": 8,
    "/governance/waivers": 8,
    "/governance/pulls": 6,
    "/recalls": 6,
    "/agreements": 7,
    "/likes": 6,
    "/notifications": 7,
    "/ledger": 15,
    "/collections": 6,
    "/collections/new": 5,
    COLLECTION: 7,
    f"{COLLECTION}/edit": 5,
    "/new/model": 5,
    "/new/dataset": 5,
    "/new/organisation": 4,
    "/ada": 13,
    "/vision-team": 12,
    "/desk": 9,
    "/jobs": 5,
    f"/jobs/{job_pages.RUNNING}": 15,
    f"/jobs/{job_pages.DONE}": 21,
    f"/jobs/{job_pages.RUNNING}/live": 12,
    "/workers": 7,
    "/settings/budgets/ada": 9,
    f"{job_pages.MODEL}/finetune?dataset=headstart/digits": 55,
    f"{job_pages.MODEL}/evaluate?dataset=headstart/digits": 37,
    f"/jobs/{job_pages.TUNED}": 18,
    f"/jobs/{job_pages.RANKED}": 13,
    f"{DATA}/rank?candidates=ada/film-reviews": 38,
    "/governance": 9,
    "/governance/reviewers": 5,
}
# Addresses that show nothing: they do something and send to a page, or answer a script.
_REPOSITORY = "<seg:owner>/<seg:name>"
_UPLOAD = "/upload/<seg:revision>"
_DONE = ("/like", "/watch", *(f"{_UPLOAD}/{step}" for step in ("begin", "ready", "commit")))
NO_PAGES = {
    *(f"{prefix}{_REPOSITORY}{end}" for prefix in ("", "datasets/") for end in _DONE),
    *(f"{prefix}{_REPOSITORY}{_UPLOAD}/part/<str:upload>/<int:number>" for prefix in ("", "datasets/")),
    "collections/<seg:owner>/<seg:slug>/delete",
    "collections/<seg:owner>/<seg:slug>/items/<seg:item>",
    "favicon.ico",
    "ledger/export",
    "ledger/roots",
    # For administrators, or of one profile: see test_policy.
    "governance/profiles/<int:pk>",
    "governance/recalls",
    "governance/recalls/<int:pk>",
    "logout",
    "settings/tokens/<str:public_id>/revoke",
    "jobs/<seg:public_id>/cancel",
    "jobs/<seg:account>/<seg:public_id>",
    "jobs/<seg:public_id>/retry",
    "<seg:owner>/<seg:name>/measured",
    "workers/<seg:public_id>",
    "watch/<seg:name>",
}
_TABLE = re.compile(r'(?:FROM|UPDATE|INTO) "?(\w+)')


@pytest.mark.django_db
def test_every_page_asks_little_however_much_there_is(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    # What is kept for seconds or a minute would be read again in the middle of this.
    monkeypatch.setattr(pull_facts, "SECONDS", 1e9)
    monkeypatch.setattr(quarantine, "_FRESH_S", 1e9)
    monkeypatch.setattr(policies, "FRESH_S", 1e9)
    demo.make()
    for key in ("headstart/all-minilm-l6-v2", "headstart/digits"):
        _commit(Repo.objects.select_related("owner").get(key=key), **{"table/rows.csv": b"a,b\n1,2\n"})
    ada = Client()
    ada.force_login(User.objects.get(username="ada"), backend="django.contrib.auth.backends.ModelBackend")
    _check(client, ada)
    _grow()
    _check(client, ada)


def test_every_page_is_asked_for_above() -> None:
    asked = {resolve(path.partition("?")[0]).route for path in (*SITE, *OWN)}
    asked |= {resolve(base + tab).route for base in (MODEL, DATA) for tab in (*TABS, *OURS)}
    known = {str(each.pattern) for each in import_module("hub.web.urls").urlpatterns}
    assert known - NO_PAGES == asked


def _check(anybody: Client, ada: Client) -> None:
    found = list(_too_much(anybody, ada))
    assert not found, "\n".join(found)


def _too_much(anybody: Client, ada: Client) -> Iterator[str]:
    tabs = {base + tab: most for base in (MODEL, DATA) for tab, most in TABS.items()}
    ours = {base + tab: most for base in (MODEL, DATA) for tab, most in OURS.items()}
    _warm(anybody)
    for browser, pages in ((anybody, tabs), (ada, ours), (anybody, SITE), (ada, OWN)):
        for path, most in pages.items():
            with CaptureQueriesContext(connection) as asked:
                response = browser.get(path)
            assert response.status_code == 200, path
            allowed = most + (DESK if browser is ada else 0)
            if len(asked) > allowed:
                tables = " ".join(name for each in asked.captured_queries for name in _TABLE.findall(each["sql"])[:1])
                yield f"{path} takes {len(asked)} queries, {allowed} were allowed: {tables}"


def _warm(anybody: Client) -> None:
    """What a process keeps until something changes: the search index, heads of weights, the facts of a revision."""
    for page in ("/models?q=digits", f"{MODEL}/weights"):
        anybody.get(page)
    for base in (MODEL, DATA, job_pages.MODEL):
        for page in ("commit/main", "review"):
            anybody.get(f"{base}/{page}")


def _grow() -> None:
    """More of everything that a page lists."""
    ada = User.objects.get(username="ada")
    by, base = Viewer(user=ada), Repo.objects.select_related("owner").get(key="headstart/all-minilm-l6-v2")
    data = Repo.objects.select_related("owner").get(key="headstart/digits")
    card = demo.RESNET.replace("datasets:", "base_model: headstart/all-minilm-l6-v2\ndatasets:").encode()
    collection = community.create_collection(by=by, owner=ada.namespace, title="More")
    organisation = find_organisation("vision-team")
    for number in range(MANY):
        person = make_user()
        accounts.set_membership(by=accounts.SYSTEM, organisation=organisation, user=person, role=Role.READ)
        accounts.issue_token(by=by, user=ada, label=f"token {number}", scope=AccessToken.Scope.READ)
        made = catalog.create_repo(by=by, kind="model", owner="ada", name=f"grown-{number}")
        _commit(made, **{"README.md": card, "model.safetensors": demo._weights(100 + number)})
        for repo in (made, base, data):
            _commit(repo, **{f"more/{number}.md": b"# More\n", f"more-{number}.py": b"print()\n"})
            community.like(by=Viewer(user=person), repo=repo)
        community.like(by=by, repo=made)
        community.add_item(by=by, collection=collection, repo=made)
        community.create_collection(by=by, owner=ada.namespace, title=f"Collection {number}")
        catalog.create_tag(by=accounts.SYSTEM, repo=base, name=f"more-{number}", revision="main")
        Notification.objects.create(user=ada, kind="commit", repo=made, by="grace", count=1)
    demo_jobs.grow(MANY)


def _commit(repo: Any, **files: bytes) -> None:
    operations = [AddInline(path=path, data=content) for path, content in files.items()]
    made = catalog.commit(by=accounts.SYSTEM, repo=repo, revision="main", operations=operations, title="More")
    revision = examination.made(repo_id=repo.pk, commit=made.oid, by="grace")
    Revision.objects.filter(pk=revision.pk).update(state="in-review", tier=2)
