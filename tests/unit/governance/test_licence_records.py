"""A revision's licence record: read from card and files, carried on, concluded, followed down the lineage."""

import pytest

from hub.accounts.services import SYSTEM
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import services as catalog
from hub.catalog.operations import AddInline
from hub.community.models import Notification
from hub.community.tasks import licence_left
from hub.core.errors import InvalidInput
from hub.governance.errors import NotAReviewer, SeparationOfDuties
from hub.governance.licences.consumer import Consumer
from hub.governance.models import Domain, LicenceVersion, Record, Reviewer
from hub.governance.selectors import licences as selectors
from hub.governance.selectors.licence_table import current_table, licence_history
from hub.governance.services import licences as services
from tests.factories import make_repo, make_user
from tests.factories.licences import MIT, make_card
from tests.factories.revisions import make_revision

pytestmark = pytest.mark.django_db(transaction=True)


def examined(repo=None, **values):
    revision = make_revision(repo or make_repo(**values))
    services.examine(revision)
    return revision


def reviewer():
    user = make_user()
    Reviewer.objects.create(user=user, domain=Domain.LICENCE, granted_by="admin")
    return Viewer(user=user)


def test_the_licence_is_read_from_card_and_file() -> None:
    picture = selectors.licence_of(ANONYMOUS, examined(files={"README.md": make_card(license="mit"), "LICENSE": MIT}))
    assert (picture.declared, picture.effective, picture.verdict) == ("mit", "MIT", "OK")
    assert [(each["path"], each["licence"]) for each in picture.detected] == [("LICENSE", "mit")]


@pytest.mark.parametrize(
    ("card", "more", "effective"),
    [
        ({"license": "Other", "license_name": "LLAMA3.1"}, {}, "LicenseRef-llama3.1"),
        ({"license": "apache-2.0"}, {"adapter_config.json": b'{"base_model_name_or_path": "acme/g"}'}, "NOASSERTION"),
        ({"license": "apache-2.0"}, {"adapter_config.json": b'{"base_model_name_or_path": "/tmp/g"}'}, "Apache-2.0"),
        (
            {"license": "mit", "base_model": "acme/g", "headstart": {"licences_of": {"acme/g": "gemma"}}},
            {"adapter_config.json": b'{"base_model_name_or_path": "acme/other"}'},
            "LicenseRef-gemma",
        ),
    ],
)
def test_what_card_and_adapter_name(card, more, effective) -> None:
    revision = examined(repo=make_repo(name="Llama-x", files={"README.md": make_card(**card), **more}))
    assert selectors.licence_of(ANONYMOUS, revision).effective == effective


def test_a_contradiction_is_a_conflict_and_a_fact() -> None:
    revision = examined(files={"README.md": make_card(license="apache-2.0"), "LICENSE": MIT})
    assert selectors.licence_of(ANONYMOUS, revision).is_contradicted
    assert selectors.licence_facts(revision)["is_contradicted"] is True
    assert selectors.lineage_facts(revision)["verdict"] == "CONFLICT"


def test_no_licence_is_a_state_that_blocks() -> None:
    revision = examined(files={"README.md": b"# M\n"})
    assert selectors.licence_facts(revision)["is_known"] is False
    assert selectors.lineage_facts(revision)["verdict"] == "REVIEW"


def test_what_nobody_examined_has_no_facts() -> None:
    revision = make_revision(make_repo(files={"README.md": b"# M\n"}))
    assert selectors.lineage_facts(revision)["commercial"] == "unknown"
    assert selectors.licence_digest(revision) == "0" * 64


def test_a_grandparent_reaches_through_the_hub() -> None:
    top = make_repo("Llama-base", files={"README.md": make_card(license="llama3.1")})
    middle = make_repo("middle", files={"README.md": make_card(license="apache-2.0", base_model=top.full_name)})
    examined(top), examined(middle)
    child = examined(files={"README.md": make_card(license="apache-2.0", base_model=middle.full_name)})
    facts = selectors.lineage_facts(child)
    assert facts["verdict"] == "CONFLICT" and facts["effective"] == "LicenseRef-llama3.1"
    assert facts["required_prefix"] == "Llama" and facts["min_mau_limit"] == 700_000_000
    assert [each["licence"] for each in facts["texts_to_accept"]] == ["llama3.1"]


def test_a_private_ancestor_has_no_name_for_strangers() -> None:
    owner = make_user()
    base = make_repo("secret-base", owner=owner, private=True, files={"README.md": make_card(license="llama3.1")})
    examined(base)
    card = make_card(license="apache-2.0", base_model=base.full_name)
    child = examined(make_repo("Llama-x", owner=owner, private=True, files={"README.md": card}))
    assert "secret-base" in repr(selectors.licence_of(Viewer(user=owner), child))
    seen = selectors.licence_of(ANONYMOUS, child)
    assert "secret-base" not in repr(seen) and seen.lineage[0].name == "a private repository"


def test_a_public_model_is_judged_by_what_is_public() -> None:
    owner = make_user()
    base = make_repo("secret-base", owner=owner, private=True, files={"README.md": make_card(license="llama3.1")})
    examined(base)
    card = make_card(license="apache-2.0", base_model=base.full_name)
    facts = selectors.lineage_facts(examined(make_repo(owner=owner, files={"README.md": card})))
    assert (facts["verdict"], facts["effective"]) == ("REVIEW", "NOASSERTION")


def test_nobody_learns_a_licence_by_naming_what_they_may_not_see() -> None:
    base = make_repo("hidden", private=True, files={"README.md": make_card(license="llama3.1")})
    examined(base)
    child = examined(files={"README.md": make_card(license="apache-2.0", base_model=base.full_name)})
    assert selectors.lineage_facts(child)["effective"] == "NOASSERTION"


def test_cycles_end() -> None:
    owner = make_user()
    one = make_repo("one", owner=owner, files={"README.md": make_card(license="mit", base_model=f"{owner}/two")})
    two = make_repo("two", owner=owner, files={"README.md": make_card(license="mit", base_model=f"{owner}/one")})
    for _ in range(3):
        first, second = examined(one), examined(two)
    assert services.spread(one.pk) == 1
    assert selectors.lineage_facts(first)["effective"] == selectors.lineage_facts(second)["effective"] == "MIT"


def test_descendants_hear_of_a_changed_licence() -> None:
    base = make_repo("base", files={"README.md": make_card(license="mit")})
    examined(base)
    child = examined(files={"README.md": make_card(license="mit", base_model=base.full_name), "NOTICE": b"base"})
    assert selectors.lineage_facts(child)["verdict"] == "OK"
    operations = [AddInline(path="README.md", data=make_card(license="cc-by-nc-4.0"))]
    catalog.commit(by=SYSTEM, repo=base, revision="main", operations=operations, title="Other licence")
    examined(base)
    services.spread(base.pk)
    child.refresh_from_db()
    assert selectors.lineage_facts(child)["verdict"] == "CONFLICT"


def test_a_reviewer_settles_what_is_open() -> None:
    card = make_card(license="apache-2.0", datasets=["wiki"], headstart={"licences_of": {"wiki": "cc-by-sa-4.0"}})
    revision = examined(files={"README.md": card, "NOTICE": b"wiki"})
    assert selectors.lineage_facts(revision)["verdict"] == "REVIEW"
    services.conclude(by=reviewer(), revision=revision, expression="Apache-2.0", reason="Counsel's memo.")
    picture = selectors.licence_of(ANONYMOUS, revision)
    assert (picture.verdict, picture.concluded, picture.settled[0].rule) == ("OK", "Apache-2.0", "L2d")


def test_a_conclusion_is_carried_on_while_nothing_it_rests_on_changes() -> None:
    repo = make_repo(files={"README.md": make_card(license="mit")})
    services.conclude(by=reviewer(), revision=examined(repo), expression="MIT", reason="Read.")
    for data, concluded in ((make_card(license="mit") + b"More.", "MIT"), (make_card(license="apache-2.0"), "")):
        operations = [AddInline(path="README.md", data=data)]
        catalog.commit(by=SYSTEM, repo=repo, revision="main", operations=operations, title="Change")
        assert selectors.licence_facts(examined(repo))["concluded"] == concluded


def test_who_may_conclude_and_what() -> None:
    revision = examined(files={"README.md": make_card(license="mit")})
    with pytest.raises(NotAReviewer):
        services.conclude(by=Viewer(user=make_user()), revision=revision, expression="MIT", reason="x")
    by = reviewer()
    for expression, reason in (("bsd", "x"), ("Nonsense-1.0", "x"), ("MIT", "")):
        with pytest.raises(InvalidInput):
            services.conclude(by=by, revision=revision, expression=expression, reason=reason)
    revision.uploader = by.name
    with pytest.raises(SeparationOfDuties):
        services.conclude(by=by, revision=revision, expression="MIT", reason="x")


def test_run_again_it_writes_nothing() -> None:
    revision = examined(files={"README.md": make_card(license="mit")})
    services.examine(revision)
    assert Record.objects.filter(kind="licence").count() == 1


def test_the_table_is_corrected_with_history_and_what_it_reaches_is_judged_anew() -> None:
    revision = examined(files={"README.md": make_card(license="other", license_name="acme-eula")})
    admin = Viewer(user=make_user(is_admin=True))
    row = {
        "id": "acme-eula",
        "name": "Acme EULA",
        "spdx_id": "LicenseRef-acme-eula",
    }
    row |= {"commercial_use": "no", "derivatives": "yes", "redistribution": "yes", "share_alike": "none"}
    row |= {"attribution": "notice", "pass_through": "no", "output_training": "not_addressed", "patent": "none"}
    row |= {"typical_gate": "none", "confidence": "high", "data_to_model_effect": "nc", "use_restrictions": "none"}
    with pytest.raises(NotAReviewer):
        services.set_licence(by=Viewer(user=make_user()), properties=row, reason="Read it.")
    services.set_licence(by=admin, properties=row, text="Acme text " * 40, reason="Read it.")
    services.follow_table("acme-eula")
    revision.refresh_from_db()
    assert selectors.lineage_facts(revision)["effective"] == "LicenseRef-acme-eula"
    services.set_licence(by=admin, properties={**row, "commercial_use": "yes"}, reason="Misread.")
    assert current_table().get("acme-eula").commercial_use == "yes"
    assert [each.number for each in licence_history("acme-eula").versions] == [2, 1]
    assert LicenceVersion.objects.count() == 2


def test_a_derivative_is_judged_before_it_is_made() -> None:
    base = make_repo("gemma-base", files={"README.md": make_card(license="gemma")})
    judged = selectors.judge_derivative(ANONYMOUS, base.full_name, "adapter", [], "apache-2.0", "acme/lora")
    assert judged.verdict == "CONFLICT" and judged.faults[0].rule == "L1"


def test_warnings_for_a_card_that_is_being_written() -> None:
    base = make_repo("nc-base", files={"README.md": make_card(license="cc-by-nc-4.0")})
    warned = selectors.card_warnings(ANONYMOUS, "model", {"license": "mit", "base_model": base.full_name})
    assert warned and warned[0][0] == "license" and "no commercial use" in warned[0][1]
    assert selectors.card_warnings(ANONYMOUS, "model", {"license": "gpl"})[0][1].startswith("gpl names a family")
    assert selectors.card_warnings(ANONYMOUS, "model", {"license": "mit"}) == ()


def test_who_can_use_it() -> None:
    picture = selectors.licence_of(ANONYMOUS, examined(files={"README.md": make_card(license="cc-by-nc-4.0")}))
    assert picture.verdict_for(Consumer(is_commercial=True)).outcome == "DENY"
    assert picture.verdict_for(Consumer()).outcome == "ALLOW"


def test_a_card_whose_text_names_another_licence_contradicts_itself() -> None:
    card = make_card(license="apache-2.0") + b"\nThis model is licensed under CC-BY-NC-4.0.\n"
    picture = selectors.licence_of(ANONYMOUS, examined(files={"README.md": card}))
    assert picture.is_contradicted and "its text says" in picture.faults[0].clause


def test_other_is_what_its_licence_file_is() -> None:
    base = make_repo("base", files={"README.md": make_card(license="other"), "LICENSE": MIT})
    services.examine(make_revision(base))
    assert examined(base).licence_record.body["judgement"]["effective"]["expression"] == "MIT"
    child = examined(files={"README.md": make_card(license="mit", base_model=base.full_name), "NOTICE": b"base MIT"})
    assert selectors.licence_of(ANONYMOUS, child).verdict == "OK"


def test_a_text_that_changed_at_its_source_is_read_again() -> None:
    base = make_repo("base", files={"README.md": make_card(license="mit"), "LICENSE": MIT})
    services.examine(make_revision(base))
    child = examined(files={"README.md": make_card(license="mit", base_model=base.full_name), "NOTICE": b"base MIT"})
    assert selectors.licence_of(ANONYMOUS, child).verdict == "OK"
    operations = [AddInline(path="LICENSE", data=MIT + b"More terms.\n")]
    catalog.commit(by=SYSTEM, repo=base, revision="main", operations=operations, title="Terms")
    services.examine(make_revision(base))
    services.examine(child)
    assert [each.rule for each in selectors.licence_of(ANONYMOUS, child).faults] == ["L13"]
    services.examine(child)
    assert selectors.licence_of(ANONYMOUS, child).verdict == "REVIEW"
    services.conclude(by=reviewer(), revision=child, expression="MIT", reason="Read the new text: nothing new.")
    services.examine(child)
    assert selectors.licence_of(ANONYMOUS, child).verdict == "OK"


def test_the_owner_hears_that_a_licence_was_left_behind(monkeypatch) -> None:
    sent = []
    monkeypatch.setattr(services, "enqueue", lambda name, **fields: sent.append((name, fields)))
    base = make_repo("nc", owner=make_user(), files={"README.md": make_card(license="cc-by-nc-4.0")})
    child = examined(files={"README.md": make_card(license="mit", base_model=base.full_name)})
    services.examine(child)
    told = [fields for name, fields in sent if name == "community.licence_left"]
    assert told == [{"repo": child.repo_id, "base": base.pk, "by": child.uploader}]
    licence_left(**told[0])
    note = Notification.objects.get(user__namespace=base.owner, kind="freer")
    assert (note.repo_id, note.word) == (child.repo_id, base.full_name)
    assert "L16" in {fault.rule for fault in selectors.licence_of(ANONYMOUS, child).faults}
