"""Settings of a repository: each with its effect said first, deletion typed."""

from hub.audit.models import AuditEvent
from hub.catalog.models import Ancestor, PullDay, Repo
from hub.community import services as community
from hub.core import clock
from hub.governance.selectors import policies
from tests.factories import make_org, make_repo, make_user, viewer_of


def _act(client, url: str, action: str, **told: str):
    return client.post(f"{url}/settings", {"action": action, **told})


def test_a_repository_is_renamed_and_its_old_name_leads_on(signed_in, user, model, url) -> None:
    response = _act(signed_in, url, "move", owner=user.username, name="seams")
    assert response["Location"] == f"/{user.username}/seams/settings"
    assert signed_in.get(url)["Location"] == f"/{user.username}/seams"
    for page in ("settings", "upload/main", "edit/main/README.md", "delete/main/README.md"):
        assert signed_in.get(f"{url}/{page}")["Location"] == f"/{user.username}/seams/{page}"


def test_it_is_given_to_an_organisation(signed_in, user, model, url) -> None:
    make_org("team", contribute=user)
    assert _act(signed_in, url, "move", owner="team", name="welds")["Location"] in {
        "/team/welds/settings",
        "/team/welds",
    }
    assert Repo.objects.get().full_name == "team/welds"


def test_a_move_that_can_not_be_says_why(signed_in, user, model, url) -> None:
    make_repo(name="taken", owner=user)
    make_org("closed")
    for told in (
        {"owner": user.username, "name": "taken"},
        {"owner": "closed", "name": "welds"},
        {"owner": "", "name": "x"},
    ):
        response = _act(signed_in, url, "move", **told)
        assert response.status_code == 422 and b"error" in response.content
    model.refresh_from_db()
    assert model.name == "welds"


def test_visibility_and_gate(signed_in, model, url) -> None:
    _act(signed_in, url, "visibility", visibility="private")
    _act(signed_in, url, "gate", gate="manual")
    model.refresh_from_db()
    assert model.is_private and model.gate == "manual"
    _act(signed_in, url, "gate", gate="")
    model.refresh_from_db()
    assert model.gate == ""
    assert _act(signed_in, url, "visibility", visibility="secret").status_code == 422
    assert _act(signed_in, url, "nonsense").status_code == 422


def test_deletion_is_typed_and_done_once(signed_in, user, model, url) -> None:
    assert _act(signed_in, url, "delete", confirm="welds").status_code == 422
    assert Repo.objects.exists()
    assert _act(signed_in, url, "delete", confirm=model.full_name)["Location"] == f"/{user.username}"
    assert _act(signed_in, url, "delete", confirm=model.full_name).status_code == 404
    assert AuditEvent.objects.filter(action="repo.delete").count() == 1


def test_what_deletion_would_mean_is_said_before(signed_in, user, model, url) -> None:
    child, unseen = make_repo(name="child"), make_repo(name="unseen", private=True)
    for repo in (child, unseen):
        Ancestor.objects.create(repo=repo, kind="model", relation="finetune", name=model.full_name, key=model.key)
    PullDay.objects.create(repo=model, day=clock.now().date(), count=3)
    text = signed_in.get(f"{url}/settings").content.decode()
    assert child.full_name in text and "unseen" not in text
    assert "next to no space is freed" in text and "pulled 3 times" in text


def test_who_would_miss_it_is_counted_as_far_as_one_sees_it(signed_in, user, model, url) -> None:
    other = make_user()
    community.watch_repo(by=viewer_of(other), repo=model)
    community.like(by=viewer_of(other), repo=model)
    for owner, private in ((user, False), (other, False), (other, True)):
        at = community.create_collection(
            by=viewer_of(owner), owner=owner.namespace, title=f"Of {owner.username} {private}", private=private
        )
        community.add_item(by=viewer_of(owner), collection=at, repo=model)
    text = signed_in.get(f"{url}/settings").content.decode()
    assert "in 2 collections that you can see" in text and "watched by 1 person" in text and "It has 1 like." in text


def test_who_loses_sight_is_said_before(signed_in, user, model, url) -> None:
    assert f"seen by {user.username} and" in signed_in.get(f"{url}/settings").content.decode()
    make_org("team", admin=user, read=make_user())
    team = make_repo(owner="team", private=True)
    text = signed_in.get(f"/{team.full_name}/settings").content.decode()
    assert "Only the 2 members of team" in text and '<option value="team">' in text


def test_bytes_that_others_hold_are_not_freed(signed_in, user) -> None:
    own, shared = bytes(100_000), b"x" * 200_000
    repo = make_repo(owner=user, files={"own.bin": own, "shared.bin": shared})
    make_repo(owner=user, files={"copy.bin": shared})
    text = signed_in.get(f"/{repo.full_name}/settings").content.decode()
    assert "100 kB that nobody else holds are freed" in text and "200 kB stay" in text


def test_writers_do_not_administer(client, db) -> None:
    writer = make_user()
    make_org("team", write=writer)
    repo = make_repo(owner="team", files={"README.md": b"# x\n"})
    client.force_login(writer, backend="django.contrib.auth.backends.ModelBackend")
    text = client.get(f"/{repo.full_name}").content.decode()
    assert f"/{repo.full_name}/settings" not in text and "/upload/main" in text
    for action in ("move", "visibility", "gate", "delete"):
        assert _act(client, f"/{repo.full_name}", action, confirm=repo.full_name).status_code == 403
    assert Repo.objects.exists()


def test_the_page_asks_the_database_little(signed_in, url, django_assert_max_num_queries) -> None:
    policies.lately()  # Kept for seconds.
    with django_assert_max_num_queries(17):
        signed_in.get(f"{url}/settings")
