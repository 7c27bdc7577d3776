"""Collections: in order, with notes, and with what the viewer may see alone."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import ANONYMOUS
from hub.community import selectors, services
from hub.community.errors import CollectionExists, CollectionNotFound, ItemExists, ItemNotFound
from hub.core.errors import InvalidInput
from tests.factories import make_org, make_repo, viewer_of


@pytest.fixture
def mine(ada):
    return services.create_collection(by=viewer_of(ada), owner=ada.namespace, title="Good Ones!")


def names(viewer, collection) -> list[str]:
    return [item.repo.name for item in selectors.read_collection(viewer, collection).items]


def test_an_address_outlives_the_title(mine, ada):
    address = mine.address
    assert address == f"good-ones-{mine.public_id}"
    services.update_collection(by=viewer_of(ada), collection=mine, title="Better", description="Tried.")
    assert mine.address.startswith("better-")
    found = selectors.find_collection(ANONYMOUS, "ADA", address)
    assert (found.title, found.description) == ("Better", "Tried.")


def test_what_is_refused(mine, ada, bob):
    with pytest.raises(CollectionExists) as caught:
        services.create_collection(by=viewer_of(ada), owner=ada.namespace, title=" good  ones! ")
    assert caught.value.detail["slug"] == f"ada/{mine.address}"
    for title in ("", " ", "x" * 101):
        with pytest.raises(InvalidInput):
            services.create_collection(by=viewer_of(ada), owner=ada.namespace, title=title)
    with pytest.raises(NotAllowed):
        services.create_collection(by=viewer_of(bob), owner=ada.namespace, title="Mine")
    with pytest.raises(NotAllowed):
        services.delete_collection(by=viewer_of(bob), collection=mine)
    with pytest.raises(NotAllowed):
        services.add_item(by=viewer_of(ada, "read"), collection=mine, repo=make_repo())


def test_items_in_order(mine, ada):
    by = viewer_of(ada)
    items = [services.add_item(by=by, collection=mine, repo=make_repo(name)) for name in "abc"]
    with pytest.raises(ItemExists):
        services.add_item(by=by, collection=mine, repo=items[0].repo)
    services.update_item(by=by, collection=mine, item_id=items[2].public_id, position=0, note="the best")
    assert names(ANONYMOUS, mine) == ["c", "a", "b"]
    services.update_item(by=by, collection=mine, item_id=items[2].public_id, position=99)
    services.remove_item(by=by, collection=mine, item_id=items[0].public_id)
    assert names(ANONYMOUS, mine) == ["b", "c"]
    assert selectors.read_collection(by, mine).items[1].note == "the best"


def test_a_private_repository_shows_to_its_own_alone(mine, ada):
    by = viewer_of(ada)
    for name in ("open", "hidden", "last"):
        services.add_item(by=by, collection=mine, repo=make_repo(name, owner=ada, private=name == "hidden"))
    assert names(by, mine) == ["open", "hidden", "last"]
    assert names(ANONYMOUS, mine) == ["open", "last"]
    (listed,) = selectors.list_collections(ANONYMOUS).items
    assert listed.count == 2 and [item.position for item in listed.items] == [0, 1]
    hidden = [("model", "ada", "hidden")]
    assert not selectors.list_collections(ANONYMOUS, holding=hidden).items
    assert selectors.list_collections(by, holding=hidden).items


def test_what_is_hidden_moves_nothing(mine, ada, bob):
    org = make_org("team", admin=ada, write=bob)
    theirs = services.create_collection(by=viewer_of(ada), owner=org.namespace, title="Team")
    by = viewer_of(ada)
    for name in ("one", "hidden", "two"):
        services.add_item(by=by, collection=theirs, repo=make_repo(name, owner=ada, private=name == "hidden"))
    seen = selectors.read_collection(viewer_of(bob), theirs).items
    hidden = selectors.read_collection(by, theirs).items[1]
    before = selectors.find_collection(by, "team", theirs.address).updated_at
    services.update_item(by=by, collection=theirs, item_id=hidden.public_id, note="psst")
    assert selectors.find_collection(by, "team", theirs.address).updated_at == before
    services.update_item(by=viewer_of(bob), collection=theirs, item_id=seen[1].public_id, position=0)
    assert names(viewer_of(bob), theirs) == ["two", "one"]
    with pytest.raises(ItemNotFound):
        services.remove_item(by=viewer_of(bob), collection=theirs, item_id=hidden.public_id)


def test_private_collections(ada, bob):
    secret = services.create_collection(by=viewer_of(ada), owner=ada.namespace, title="Secret", private=True)
    limited = viewer_of(ada, "write", repositories=[make_repo(owner=ada).public_id])
    for viewer in (ANONYMOUS, viewer_of(bob), limited):
        assert not selectors.list_collections(viewer, owners=["ada"]).items
        with pytest.raises(CollectionNotFound):
            selectors.find_collection(viewer, "ada", secret.address)
    assert selectors.find_collection(viewer_of(ada), "ada", secret.address) == secret


def test_roles_in_an_organisation(ada, bob):
    org = make_org("team", admin=ada, contribute=bob)
    own = services.create_collection(by=viewer_of(bob), owner=org.namespace, title="Bob's")
    others = services.create_collection(by=viewer_of(ada), owner=org.namespace, title="Ada's")
    assert selectors.may_edit(viewer_of(bob), own) and not selectors.may_edit(viewer_of(bob), others)
    repo = make_repo()
    assert list(selectors.editable_collections(viewer_of(bob), repo)) == [own]
    assert {row.title for row in selectors.editable_collections(viewer_of(ada), repo)} == {"Ada's", "Bob's"}


def test_a_list_asks_no_more_for_more(ada, django_assert_max_num_queries):
    by = viewer_of(ada)
    for number in range(6):
        made = services.create_collection(by=by, owner=ada.namespace, title=f"Number {number}")
        for _ in range(3):
            services.add_item(by=by, collection=made, repo=make_repo(owner=ada))
    with django_assert_max_num_queries(3):
        page = selectors.list_collections(viewer_of(ada), limit=5)
        assert [item.repo.full_name and item.repo.card for info in page.items for item in info.items]
    assert page.next == 5 and len(selectors.list_collections(ANONYMOUS, offset=5).items) == 1
