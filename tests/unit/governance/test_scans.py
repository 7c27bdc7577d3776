"""A revision's files are scanned once, by content; what is malicious can't be pulled from anywhere."""

from typing import Any

import pytest

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import services as catalog_services
from hub.catalog.operations import AddInline, AddLfs
from hub.catalog.selectors import revision_of
from hub.core.errors import HubError
from hub.governance.models import FileVerdict, Revision, Scan
from hub.governance.selectors import quarantine, scans
from hub.governance.services import scans as services
from hub.storage import services as storage
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.revisions import make_revision
from tests.unit.governance.scanning.streams import protocol_0

pytestmark = pytest.mark.django_db

EVIL = protocol_0("os", "system")
FILES = {"README.md": b"# Fine\n", "model.pkl": EVIL, "train.py": b"print(1)\n", "config.json": b"{}"}


def scanned(files: dict[str, bytes] | None = None, **options: Any) -> Revision:
    revision = make_revision(make_repo(files=files or FILES, **options))
    services.examine(revision)
    return revision


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that were really read."""
    seen: list[str] = []
    real = services.scan_files

    def watched(files: Any, limits: Any) -> Any:
        def noted() -> Any:
            for file in files:
                seen.append(file.path)
                yield file

        return real(noted(), limits)

    monkeypatch.setattr(services, "scan_files", watched)
    return seen


def test_every_file_has_a_verdict() -> None:
    picture = scans.scan_of(ANONYMOUS, scanned())
    found = {one.path: one.verdict for one in picture.files}
    assert found.pop("model.pkl") == "malicious"
    assert found == dict.fromkeys([".gitattributes", "README.md", "config.json", "train.py"], "clean")
    assert (picture.state, picture.worst, picture.count, picture.clean) == ("done", "malicious", 5, 4)
    evil = next(one for one in picture.files if one.path == "model.pkl")
    assert (evil.read, evil.size, evil.is_pickle) == (len(EVIL), len(EVIL), True)
    assert {one.scanner for one in evil.opinions} == {"headstart", "picklescan"}


def test_what_is_unchanged_is_not_read_again(runs: list[str]) -> None:
    owner = make_user()
    repo = make_repo(owner=owner, files=FILES)
    services.examine(make_revision(repo))
    runs.clear()
    change = [AddInline(path="more.txt", data=b"more"), AddInline(path="again.pkl", data=EVIL)]
    catalog_services.commit(by=Viewer(user=owner), repo=repo, revision="main", operations=change, title="More")
    services.examine(make_revision(repo))
    assert runs == ["more.txt"]
    # Another kind of name is another question.
    services.examine(make_revision(make_repo(files={"weights.json": EVIL})))
    assert runs == ["more.txt", "weights.json"]


def test_a_finished_scan_stays(runs: list[str]) -> None:
    revision = scanned()
    runs.clear()
    services.examine(revision)
    assert not runs
    assert Scan.objects.filter(revision=revision).count() == 1


def test_new_rules_scan_again(monkeypatch: pytest.MonkeyPatch, runs: list[str]) -> None:
    revision = scanned()
    assert services.rescan_outdated(limit=10) == 0
    before = scans.scan_digest(revision)
    runs.clear()
    for module in (services, scans, quarantine):
        monkeypatch.setattr(module, "RULES", "2099-01-01")
    sent: list[int] = []
    monkeypatch.setattr(services, "enqueue", lambda name, revision: sent.append(revision))
    assert services.rescan_outdated(limit=10) == 1
    assert sent == [revision.pk]
    # Until the new rules have spoken, the old verdict holds.
    assert quarantine.quarantined_below(revision_of(revision.repo, revision.commit).tree)
    services.examine(revision)
    assert sorted(runs) == sorted([".gitattributes", *FILES])
    assert scans.scan_digest(revision) == before


def test_facts_for_the_rules() -> None:
    revision = make_revision(make_repo(files=FILES))
    assert scans.scan_facts(revision)["state"] == "scanning"
    services.examine(revision)
    facts = scans.scan_facts(revision)
    assert facts["state"] == "done"
    assert (facts["worst"], facts["has_pickle"], facts["executes_code"]) == ("malicious", True, True)
    assert len(facts["code_hashes"]) == 1


def test_malicious_bytes_are_quarantined_wherever_they_lie() -> None:
    revision = scanned()
    assert list(quarantine.quarantined_below(revision_of(revision.repo, revision.commit).tree)) == ["model.pkl"]
    other = make_repo(files={"copy.pkl": EVIL})
    found = quarantine.quarantined_below(revision_of(other, "main").tree)
    assert list(found) == ["copy.pkl"] and "os.system" in found["copy.pkl"]


@pytest.mark.parametrize("first", ["inline", "by git-lfs"])
def test_malicious_bytes_are_quarantined_however_they_are_kept(first: str) -> None:
    repos = {"inline": make_repo(files={"a.pkl": EVIL}), "by git-lfs": make_repo()}
    repo = repos["by git-lfs"]
    blob = storage.store_bytes(scope=repo.scope, data=EVIL)
    operations = [AddLfs("a.pkl", blob.sha256)]
    catalog_services.commit(by=viewer_of(repo.created_by), repo=repo, revision="main", title="x", operations=operations)
    services.examine(make_revision(repos.pop(first)))
    [other] = repos.values()
    assert list(quarantine.quarantined_below(revision_of(other, "main").tree)) == ["a.pkl"]


def test_a_verdict_of_a_file() -> None:
    revision = scanned()
    place = revision_of(revision.repo, revision.commit)
    (found,) = scans.file_verdicts(ANONYMOUS, place, ["nothing", "train.py"]).values()
    assert (found.path, found.verdict, found.is_code, found.label) == ("train.py", "clean", True, "Clean")


def test_a_file_that_cannot_be_read_is_no_clean_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(entry: Any) -> Any:
        raise OSError("the disk is gone")

    monkeypatch.setattr(services, "reader_of", gone)
    revision = scanned()
    assert Scan.objects.get(revision=revision).worst == "error"
    monkeypatch.undo()
    services.examine(revision)
    assert set(FileVerdict.objects.values_list("verdict", flat=True)) == {"clean", "malicious"}


def test_private_scans_are_for_those_who_may_see_the_repository() -> None:
    revision = scanned(private=True)
    with pytest.raises(HubError):
        scans.scan_of(ANONYMOUS, revision)
