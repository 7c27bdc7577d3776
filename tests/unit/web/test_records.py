"""Forms and pages of records and findings, without a script."""

import pytest

from hub.governance.models import Finding, PullRecord, Record, SeverityThresholds
from hub.governance.services import data, findings
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.records import COMMIT, examined, let_review, measurement, note

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "the crawl kept no list"
MEASURED = """{"training_data": [{"external": {"name": "Seams"},
 "size": {"records": {"value": 3, "measured": "job_1"}}}]}"""


def form(*sources: dict[str, str], base: int = 0, action: str = "save", **more: str) -> dict[str, object]:
    fields = {f"s{index}.{name}": value for index, source in enumerate(sources) for name, value in source.items()}
    return {"base": str(base), "origin": "form", "action": action, "source": [str(at) for at in range(len(sources))],
            **fields, **more}  # fmt: skip


@pytest.fixture
def reviewer(user):
    return viewer_of(let_review(user, "bias"))


def test_the_form_is_saved_and_shown(signed_in, model, url):
    sent = form({"external.name": "Welds", "size.records": "10,000", "consent.basis.unknown": WHY,
                 "languages": "en | 60\nde", "people.subjects": "adults", "people.has_persons": "yes"})  # fmt: skip
    answer = signed_in.post(f"{url}/data/edit", sent, follow=True)
    assert answer.redirect_chain and answer.status_code == 200
    [source] = Record.objects.get(source="form").body["training_data"]
    assert source["size"] == {"records": 10_000} and source["consent"] == {"basis": {"unknown": WHY}}
    assert source["languages"] == [{"code": "en", "share_pct": 60}, {"code": "de"}]
    assert source["people"] == {"has_persons": True, "subjects": ["adults"]}
    text = answer.content.decode()
    assert WHY in text and "Stated to be unknown" in text and "Ten thousand photographs" in text
    again = signed_in.get(f"{url}/data/edit").content.decode()
    assert 'value="10000"' in again and "en | 60" in again and WHY in again


def test_nothing_typed_is_lost(signed_in, url):
    sent = form({"external.name": "Welds", "size.records": "many", "usage.share_pct": "120", "geography": "DE | x"},
                {"dataset.revision": "main", "kind": "bought"})  # fmt: skip
    answer = signed_in.post(f"{url}/data/edit", sent)
    text = answer.content.decode()
    assert answer.status_code == 422 and not Record.objects.filter(source="form").exists()
    for typed in ('value="many"', 'value="120"', "DE | x", 'value="main"', 'value="bought" selected'):
        assert typed in text
    assert "Source 1, Size, Records: is a number." in text and "Line 1: Is a number." in text


def test_a_value_and_a_reason_are_one_too_many(signed_in, url):
    answer = signed_in.post(f"{url}/data/edit", form({"kind": "user", "kind.unknown": WHY}))
    assert answer.status_code == 422 and "not both" in answer.content.decode() and WHY in answer.content.decode()


def test_sources_come_and_go(signed_in, url):
    more = signed_in.post(f"{url}/data/edit", form({"external.name": "Welds"}, action="add")).content.decode()
    assert "Source 1: Welds" in more and 'id="source-1"' in more
    sent = form({"external.name": "Welds"}, {"external.name": "Seams"}, action="remove-0")
    less = signed_in.post(f"{url}/data/edit", sent).content.decode()
    assert "Source 1: Seams" in less and "Welds</h3>" not in less


@pytest.mark.parametrize(
    ("origin", "text", "said"),
    [
        ("json", MEASURED, "Source 1: Seams"),
        ("croissant", '{"@type": "sc:Dataset", "name": "Seams"}', "Source 2: Seams"),
        ("json", "{", "not valid JSON"),
        ("json", "{}", "this one has no source"),
        ("croissant", "[]", "A Croissant file"),
        ("card", "", "names no data set"),
    ],
)  # fmt: skip
def test_imports_fill_the_form(signed_in, url, origin, text, said):
    answer = signed_in.post(f"{url}/data/edit", form({"external.name": "Welds"}, action=f"import-{origin}", text=text))
    assert said in answer.content.decode()
    assert not Record.objects.exclude(by="system").exists()


def test_a_measured_value_shows_as_such_and_can_be_disputed(signed_in, user, model, url):
    data.record(by=viewer_of(user), repo=model, body={"training_data": [{"kind": "user"}]})
    data.measured(revision=examined(model), source="ds1", path="size.records", value=42, job="job_9")
    assert "measured by job_9" in signed_in.get(f"{url}/data/edit").content.decode()
    held = Record.objects.filter(kind="data").latest("number").number
    sent = form({"id": "ds1", "kind": "user", "size.records": "I count 43"}, base=held)
    text = signed_in.post(f"{url}/data/edit", sent, follow=True).content.decode()
    assert "job_9" in text and "I count 43" in text and "disputed" in text


def test_whoever_is_late_is_told(signed_in, user, model, url):
    data.record(by=viewer_of(user), repo=model, body={"training_data": [{"kind": "user"}]})
    answer = signed_in.post(f"{url}/data/edit", form({"external.name": "Welds"}))
    assert answer.status_code == 422 and "you changed version 0" in answer.content.decode()


@pytest.mark.parametrize("part", ["data/edit", "use-record/edit", "bias/new", "bias/1/edit"])
def test_forms_are_for_those_who_may(client, url, model, part):
    findings.file(by=viewer_of(model.created_by), repo=model, kind="reported", body=note())
    assert client.get(f"{url}/{part}").status_code == 302
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"{url}/{part}").status_code == 403


def test_the_use_is_saved_and_gives_a_tier(signed_in, url):
    sent = {"base": "0", "intended": "Sorting welds\nTeaching", "tier.data_sensitivity": "1", "tier.use_impact": "2",
            "tier.reach": "2", "do_not_use_for": "Bridges"}  # fmt: skip
    text = signed_in.post(f"{url}/use-record/edit", sent, follow=True).content.decode()
    assert "Tier 2: internal tool" in text and "<li>Teaching</li>" in text and "<li>Bridges</li>" in text
    refused = signed_in.post(f"{url}/use-record/edit", {**sent, "tier.reach": "9"})
    assert refused.status_code == 422 and "Teaching" in refused.content.decode()


FINDING = {"kind": "reported", "title": "Blind to aluminium", "harm.class": "quality_of_service",
           "groups": "material | aluminium",
           "severity.impact": "3", "severity.exposure": "2", "source": "a user"}  # fmt: skip
EVIDENCE = {"evidence.job": "job_1", "evidence.eval.suite": "robust-image", "evidence.dataset.repo": "a/b",
            "evidence.dataset.revision": COMMIT, "evidence.slice": "material=aluminium",
            "evidence.metric": "accuracy_gap",
            "evidence.value": "0.25", "evidence.low": "0.15", "evidence.high": "0.35", "evidence.n": "300"}  # fmt: skip


def test_reported_and_measured_never_look_alike(signed_in, reviewer, url):
    signed_in.post(f"{url}/bias/new", FINDING)
    text = signed_in.post(f"{url}/bias/new", {**FINDING, **EVIDENCE, "kind": "measured"}, follow=True).content.decode()
    assert 'data-kind="measured"' in text and "0.25, 95 % interval 0.15 to 0.35" in text and "high" in text
    both = signed_in.get(f"{url}/bias").content.decode()
    reported = both.partition('data-kind="reported"')[2].partition("</article>")[0]
    assert "Reported: a user" in reported and '<svg class="interval"' not in reported
    assert "Blind to aluminium" in signed_in.get(url).content.decode()


def test_a_finding_is_refused_with_what_was_typed(signed_in, user, url):
    answer = signed_in.post(f"{url}/bias/new", {**FINDING, "harm.class": "", "title": "Kept"})
    text = answer.content.decode()
    assert answer.status_code == 422 and "Harm: is missing." in text and 'value="Kept"' in text
    let_review(user, "bias")
    text = signed_in.post(
        f"{url}/bias/new", {**FINDING, **EVIDENCE, "evidence.n": "", "kind": "measured"}
    ).content.decode()
    assert "Measurement, n: is missing" in text and 'value="0.15"' in text


def test_a_finding_is_changed_and_followed_up(signed_in, reviewer, url):
    signed_in.post(f"{url}/bias/new", FINDING)
    text = signed_in.post(
        f"{url}/bias/1/edit", {**FINDING, "title": "Blind to tin", "why": "typo"}, follow=True
    ).content.decode()
    assert "Blind to tin" in text and "typo" in text
    text = signed_in.post(f"{url}/bias/1", {"status": "refuted", "why": "lamp was off"}, follow=True).content.decode()
    assert "lamp was off" in text and Finding.objects.get().status == "refuted"
    refused = signed_in.post(f"{url}/bias/1", {"status": "accepted", "why": "x"})
    assert refused.status_code == 422 and "takes a waiver" in refused.content.decode()


def test_an_inherited_finding_names_no_private_repository(client, user, model):
    base = make_repo("hidden-base", owner=user, private=True, files={"README.md": b"# B"})
    findings.file(by=viewer_of(user), repo=base, kind="reported", body=note("In confidence"))
    child = make_repo(owner=user, files={"README.md": f"---\nbase_model: {base.full_name}\n---\n# C\n".encode()})
    text = client.get(f"/{child.full_name}/bias").content.decode()
    register = text.partition('aria-label="Findings"')[2].partition("What the card says")[0]
    assert "a private repository" in register and "In confidence" not in text and "hidden-base" not in register


def test_refuting_begins_at_the_inherited_one(signed_in, user, reviewer, model):
    findings.file(by=reviewer, repo=model, kind="measured", body=note(evidence=[measurement()]))
    child = make_repo(owner=user, files={"README.md": f"---\nbase_model: {model.full_name}\n---\n# C\n".encode()})
    page = signed_in.get(f"/{child.full_name}/bias").content.decode()
    address = page.partition("bias/new?refutes=")[2].partition('"')[0]
    clean = {**FINDING, **EVIDENCE, "kind": "measured", "evidence.eval.suite": "fair-tabular", "evidence.value": "0",
             "evidence.low": "-0.01", "evidence.high": "0.01", "refutes": address, "severity.impact": "1",
             "severity.exposure": "1"}  # fmt: skip
    assert "Refute “Worse for some”" in signed_in.get(f"/{child.full_name}/bias/new?refutes={address}").content.decode()
    signed_in.post(f"/{child.full_name}/bias/new", clean)
    assert "refuted here" in signed_in.get(f"/{child.full_name}/bias").content.decode()


def test_reach_names_people_to_administrators_alone(client, signed_in, user):
    owner = make_user()
    tickets = make_repo("tickets", owner=owner, kind="dataset", files={"README.md": b"# T"})
    card = f"---\ndatasets: [{tickets.full_name}]\n---\n# M\n".encode()
    direct = make_repo("direct", owner=user, files={"README.md": card})
    hidden = make_repo("hidden", owner=user, private=True, files={"README.md": card})
    for base, name in ((direct, "second"), (hidden, "third")):
        make_repo(name, owner=owner, files={"README.md": f"---\nbase_model: {base.full_name}\n---\n# M\n".encode()})
    for name in ("bob", "bob", "eve"):
        PullRecord.objects.create(
            by=name, repo_id=direct.pk, repo_kind="model", repo_name="x", commit=COMMIT, outcome="allow"
        )
    PullRecord.objects.create(
        by="mallory", repo_id=direct.pk, repo_kind="model", repo_name="x", commit=COMMIT, outcome="deny"
    )
    url = f"/datasets/{tickets.full_name}/reach"
    mine = signed_in.get(url).content.decode()
    signed_in.logout()
    theirs = client.get(url).content.decode()
    for text in (mine, theirs):
        assert "2 people, 3 pulls" in text and "second" in text and "mallory" not in text
    assert ">bob<" in mine and ">bob<" not in theirs
    assert all(f"/{name}</a>" in mine and f"/{name}</a>" not in theirs for name in ("hidden", "third"))


def test_administrators_change_the_thresholds(client, signed_in, admin, user):
    assert "0.05" in client.get("/governance/thresholds").content.decode()
    sent = {"gap.low": "0.01", "reason": "small groups matter here"}
    assert signed_in.post("/governance/thresholds", sent).status_code == 403
    client.force_login(admin, backend="django.contrib.auth.backends.ModelBackend")
    refused = client.post("/governance/thresholds", {**sent, "gap.medium": "0.001", "reason": ""})
    assert refused.status_code == 422 and 'value="0.001"' in refused.content.decode()
    client.post("/governance/thresholds", sent)
    assert SeverityThresholds.objects.get().body["gap"]["low"] == 0.01
    assert 'value="0.01"' in client.get("/governance/thresholds").content.decode()
