"""What people did in the demo: likes, a collection, watching, and what they are told."""

from hub.accounts import services as accounts
from hub.accounts.models import User
from hub.accounts.selectors import find_organisation
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.community import services
from hub.community.models import Collection, Notification

COLLECTION_ID = "000000000000000000000001"


def make() -> None:
    ada, grace = (User.objects.get(username=name) for name in ("ada", "grace"))
    by = Viewer(user=ada)
    _profiles(by, ada)
    liked = [_repo("headstart/all-minilm-l6-v2"), _repo("headstart/resnet50"), _repo("headstart/digits")]
    for person in (ada, grace):
        for repo in liked:
            services.like(by=Viewer(user=person), repo=repo)
    services.watch_repo(by=by, repo=liked[0])
    services.watch_owner(by=by, owner=find_organisation("vision-team").namespace)
    services.watch_owner(by=Viewer(user=grace), owner=ada.namespace)
    _collection(by, ada, liked)
    _notifications(ada, grace, liked)


def _profiles(by: Viewer, ada: User) -> None:
    bio = "Sentence vectors and small classifiers.\nI read cards before I read papers."
    accounts.update_profile(by=by, user=ada, full_name=ada.full_name, bio=bio, homepage="https://ada.example/notes/")
    accounts.describe_organisation(
        by=accounts.SYSTEM,
        organisation=find_organisation("headstart"),
        description="Models that come with this hub, each with its licence, training data and known biases on record.",
        homepage="",
    )


def _collection(by: Viewer, ada: User, repos: list[Repo]) -> None:
    made = services.create_collection(
        by=by,
        owner=ada.namespace,
        title="Small enough for a laptop",
        description="Everything here loads in under a gigabyte of memory and answers in a tenth of a second.",
    )
    Collection.objects.filter(pk=made.pk).update(public_id=COLLECTION_ID)
    for repo, note in zip(repos, ("The one to begin with.", "", "What the classifiers learn from."), strict=True):
        services.add_item(by=by, collection=made, repo=repo, note=note)
    services.add_item(by=by, collection=made, repo=_repo("ada/secret-project"))


def _notifications(ada: User, grace: User, repos: list[Repo]) -> None:
    mine = Repo.objects.get(key="ada/untold")
    rows = [
        Notification(kind="commit", repo=repos[0], by="grace", count=3),
        Notification(kind="tag", repo=repos[0], by="grace", word="v2.0"),
        Notification(kind="created", repo=_repo("vision-team/sweep-21"), by="grace"),
        Notification(kind="liked", repo=mine, by="grace", count=2),
        Notification(kind="made-from", repo=_repo("vision-team/sweep-20"), base=mine, by="grace"),
    ]
    for row in rows:
        row.user = ada
        row.save()
    Notification.objects.filter(kind="tag").update(read_at=repos[0].created_at)


def _repo(name: str) -> Repo:
    return Repo.objects.select_related("owner").get(key=name)
