"""Input to governance that no client sends: the answer says what is wrong with it (4xx), and the hub never fails."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from hub.catalog.models import Repo
from hub.governance.services.recalls import recall
from hub.governance.services.waivers import ask_waiver
from tests.factories import make_org, make_repo, make_token, make_user, viewer_of
from tests.factories.records import examined, let_review
from tests.unit.protocol.conftest import WireClient

pytestmark = pytest.mark.django_db
VALUES = [None, -1, 1 << 63, 1 << 80, 1.5, "", "\0", "é\ud83d", "a" * 30_000, ["x"], [[]], {"a": []}]
TEXTS = ["\0", "²", "9" * 400, "9999999999999999999", "a" * 30_000, "[", "9999-12-31", "a/b"]
ODD = ["\0", "é", "-1", "9" * 30, "9" * 5000, "²", "..", "'\"><script>", "a" * 3000, "refs/heads/main", "[", "%"]
CARD = b"---\nlicense: mit\nextra_gated_fields:\n  Why: text\n  When: date_picker\n---\n# M\n"


@pytest.fixture
def client() -> WireClient:
    return WireClient(raise_request_exception=True)


@pytest.fixture
def world(client: WireClient) -> dict[str, Any]:
    admin = let_review(make_user(is_admin=True), "security", "licence", "data", "bias", "use")
    owner = make_user()
    repo = make_repo("m", owner=owner, files={"README.md": CARD, "a.txt": b"text"})
    Repo.objects.filter(pk=repo.pk).update(gate="manual")
    repo.refresh_from_db()
    data = make_repo("d", kind="dataset", owner=owner, files={"README.md": CARD, "a.csv": b"a,b\n1,2\n"})
    make_org("acme", admin=admin)
    client.force_login(admin)
    revision = examined(repo)
    examined(data)
    ask_waiver(by=viewer_of(owner), rule="P-01", repo=repo, reason="We need it.", days=5)
    recall(by=viewer_of(admin), repo=data, reason="It is wrong.", derived=True)
    return {
        "repo": repo.full_name,
        "data": f"datasets/{data.full_name}",
        "commit": revision.commit,
        "token": make_token(admin, "admin"),
        "owner": make_token(owner, "admin"),
    }


STEPS = {
    "submit withdraw resume renew": ["text"],
    "ask answer comment retire revoke reject reopen": ["reason"],
    "assign": ["to"],
    "tier": ["tier", "reason"],
    "decide": ["reason", "binding", "domain", "state", "conditions", "purposes"],
    "sign-off reinstate": ["reason", "binding"],
    "suspend": ["reason", "code"],
}
BODIES = {
    f"/api/headstart/models/{{repo}}/reviews/{{commit}}/{step}": fields
    for steps, fields in STEPS.items()
    for step in steps.split()
} | {
    "/api/headstart/models/{repo}/findings": ["kind", "note", "refutes"],
    "/api/headstart/models/{repo}/access": ["fields", "reason", "organisation"],
    "/api/headstart/models/{repo}/agreements": ["sha256", "organisation", "reference", "expiresAt"],
    "/api/models/{repo}/user-access-request/handle": ["user", "requestId", "status", "rejectionReason"],
    "/api/models/{repo}/user-access-request/grant": ["user"],
    "/{repo}/ask-access": ["Why", "When"],
}
PUTS = {
    "/api/headstart/models/{repo}/data-record": ["record", "base", "source"],
    "/api/headstart/models/{repo}/use-record": ["record", "base"],
    "/api/headstart/{data}/data-record": ["record", "base", "source"],
}
GOOD = {
    "reason": "Because.",
    "binding": "0" * 64,
    "domain": "bias",
    "state": "approved",
    "kind": "suspected",
    "code": "other",
    "tier": 2,
    "note": {"title": "x"},
    "record": {"training_data": [{"id": "a"}]},
    "sha256": "0" * 64,
    "status": "accepted",
    "user": "acme",
}


@pytest.mark.parametrize("path", [*BODIES, *PUTS])
def test_odd_values_in_each_body(client: WireClient, world: dict[str, Any], path: str) -> None:
    method, fields = ("POST", BODIES[path]) if path in BODIES else ("PUT", PUTS[path])
    good = {name: GOOD[name] for name in fields if name in GOOD}
    sent = [json.dumps(good | {name: value}) for name in fields for value in VALUES]
    sent += ["", "[", "[]", "5", "null", '"x"', "{}", '{"a":' * 3000, json.dumps(good | {"more": 1})]
    for body in sent:
        response = client.call(method, path.format(**world), token=world["token"], body=body.encode())
        assert response.status_code < 500, body[:200]


def odd_bodies() -> list[Any]:
    deep: Any = "x"
    for _ in range(200):
        deep = {"a": [deep]}
    rows = [{"id": "a", name: value} for name in SOURCE for value in (5, "\0", ["x"], {"a": []})]
    return [*VALUES, deep, *({"training_data": value} for value in VALUES), {"training_data": rows[:1]}, *wrapped(rows)]


def wrapped(rows: list[Any]) -> list[Any]:
    return [{"training_data": [row]} for row in rows]


SOURCE = ["id", "name", "stage", "share", "licence", "people", "collection", "time", "languages", "visibility", "ref"]
SOURCE += ["contamination", "consent", "gaps", "preprocessing", "revision", "digest", "url", "dataset", "modality"]
NOTES = ["title", "harm", "groups", "evidence", "severity", "mitigation", "owner", "review_on", "status", "source"]


@pytest.mark.parametrize("source", ["json", "croissant"])
def test_odd_records(client: WireClient, world: dict[str, Any], source: str) -> None:
    where = "models/{repo}" if source == "json" else "{data}"
    for record in odd_bodies():
        body = json.dumps({"record": record, "source": source}).encode()
        path = f"/api/headstart/{where}/data-record".format(**world)
        assert client.call("PUT", path, token=world["owner"], body=body).status_code < 500, body[:300]
    for page in ("/{repo}/data", "/{repo}/data/edit", "/{data}/data"):
        assert client.call("GET", page.format(**world)).status_code < 500


def test_odd_notes(client: WireClient, world: dict[str, Any]) -> None:
    good = {"title": "x", "harm": {"class": "quality_of_service"}, "groups": [], "severity": {"impact": "1"}}
    for kind in ("suspected", "measured"):
        for name in NOTES:
            for value in [
                *VALUES,
                [{}],
                [{"n": 1 << 80, "ci": [None], "value": "NaN"}],
                {"impact": [], "exposure": {}},
            ]:
                body = json.dumps({"kind": kind, "note": good | {name: value}}).encode()
                path = "/api/headstart/models/{repo}/findings".format(**world)
                assert client.call("POST", path, token=world["owner"], body=body).status_code < 500, body[:300]
    assert client.call("GET", f"/{world['repo']}/bias").status_code == 200
    assert client.call("GET", f"/api/headstart/models/{world['repo']}/findings").status_code == 200


FORMS = {
    "/{repo}/review/{commit}": "act deed action domain state reason binding conditions purposes tier to code text plan",
    "/{repo}/access": "action reason organisation text sha256 field-0 field-1 Why When reference until",
    "/{repo}/settings/access": "action key status reason user days reader until",
    "/{repo}/data/edit": "action base source id-0 share-0 file json 0-id 0-share training_data",
    "/{repo}/use-record/edit": "base tier intended users out_of_scope do_not_use_for annex_iii",
    "/{repo}/bias/new": "kind title harm groups impact exposure evidence review_on owner refutes",
    "/{repo}/licence": "action expression reason",
    "/agreements": "end",
    "/desk": "revision to next",
    "/governance/reviewers": "action name domain",
    "/governance/rules": "code title expression message mend reason",
    "/governance/rules/P-01": "action title expression message mend reason environment mode why",
    "/governance/profiles": "action key name owner environment regions monthly_users revenue_usd tier purposes",
    "/governance/waivers": "action key rule repository commit profile days reason",
    "/governance/recalls": "action repository commit reason replacement derived",
    "/governance/recalls/1": "action",
    "/recalls": "action key answer",
    "/governance/thresholds": "thresholds action base reason",
    "/governance/licences/mit": "name text reason properties commercial",
    "/governance/licences/new": "id name text reason",
    "/ledger": "action since until",
    "/settings/tokens": "label scope profile expires",
}
ACTIONS = {
    "/{repo}/review/{commit}": ("decide", "sign-off", "tier", "assign", "suspend", "plan", "comment"),
    "/{repo}/access": ("ask", "accept", "request", "withdraw"),
    "/{repo}/settings/access": ("decide", "grant", "period", "accept", "reject", "revoke"),
    "/{repo}/licence": ("conclude",),
    "/governance/rules/P-01": ("save", "mode", "try", "try-mode"),
    "/governance/profiles": ("delete", ""),
    "/governance/waivers": ("ask", "grant", "end"),
    "/governance/recalls": ("recall", "preview"),
    "/governance/recalls/1": ("lift",),
    "/governance/reviewers": ("grant", "revoke"),
    "/recalls": ("answer",),
}


@pytest.mark.parametrize("path", FORMS)
def test_odd_texts_in_each_form(client: WireClient, world: dict[str, Any], path: str) -> None:
    kind = "application/x-www-form-urlencoded"
    for action in ACTIONS.get(path, ("",)):
        for text in TEXTS:
            fields = dict.fromkeys(FORMS[path].split(), text)
            for known in ({}, {"reason": "Because.", "why": "Because."}):
                sent = fields | known | {"action": action, "act": action, "deed": action}
                body = urlencode(sent, errors="surrogatepass").encode()
                response = client.call("POST", path.format(**world), body=body, CONTENT_TYPE=kind)
                assert response.status_code < 500, (action, text[:50])


PAGES = (
    "/governance/rules/{odd}",
    "/governance/profiles/{odd}",
    "/governance/recalls/{odd}",
    "/governance/licences/{odd}",
    "/governance/licences?q={odd}",
    "/governance/pulls?by={odd}",
    "/governance/pulls?repo={odd}&rule={odd}",
    "/governance/pulls?from={odd}",
    "/governance/pulls?outcome={odd}",
    "/ledger?actor={odd}",
    "/ledger?action={odd}",
    "/ledger?since={odd}",
    "/ledger?until={odd}",
    "/ledger?subject={odd}",
    "/ledger?from={odd}",
    "/ledger/export?since={odd}",
    "/desk?domain={odd}",
    "/desk?tier={odd}",
    "/desk?state={odd}",
    "/desk?assigned={odd}",
    "/desk?q={odd}",
    "/desk?text={odd}",
    "/desk?from={odd}",
    "/desk?kind={odd}",
    "/agreements?from={odd}",
    "/{repo}/settings/access?state={odd}&from={odd}",
    "/{repo}/review/{odd}",
    "/{repo}/bias/{odd}",
    "/{repo}/bias/{odd}/edit",
    "/{repo}/bias/new?refutes={odd}",
    "/{repo}/dossier/{odd}",
    "/{repo}/export/{odd}/{odd}",
    "/{repo}/export/main/{odd}",
    "/{data}/export/main/{odd}",
    "/{repo}/review?purpose={odd}",
    "/{data}/reach?from={odd}",
    "/recalls?from={odd}",
    "/governance/waivers?repository={odd}",
    "/governance/recalls?repository={odd}",
    "/api/headstart/models/{repo}/decision?revision={odd}",
    "/api/headstart/models/{repo}/decision?purpose={odd}",
    "/api/headstart/models/{repo}/licence?revision={odd}",
    "/api/headstart/models/{repo}/licence?consumer={odd}",
    "/api/headstart/models/{repo}/scan?revision={odd}",
    "/api/headstart/models/{repo}/signature/{odd}",
    "/api/headstart/models/{repo}/export/{odd}/{odd}",
    "/api/headstart/agreements/{odd}",
    "/api/headstart/models/{repo}/export/main/{odd}",
    "/api/headstart/models/{repo}/reviews/{odd}",
    "/api/headstart/{data}/data-record?format={odd}",
    "/api/models/{repo}/user-access-request/{odd}",
    "/{repo}/resolve/main/a.txt?purpose={odd}",
    "/api/models/{repo}/user-access-request/pending?cursor={odd}",
)


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_text_at_each_place(client: WireClient, world: dict[str, Any], number: int) -> None:
    for path in PAGES:
        for more in ({}, {"token": world["token"]}):
            target = path.replace("{odd}", quote(ODD[number], safe="")).format(**world)
            assert client.call("GET", target, **more).status_code < 500, target[:100]
