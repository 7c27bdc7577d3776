"""What a person does with likes, collections and people by a stock client, run by that client's own Python.

`HUB_REPO` is a public model of ada's that she likes, `HUB_HIDDEN` a private one of hers; `HUB_STRANGER` is bob's token.
"""

import os

from huggingface_hub import HfApi
from huggingface_hub.utils import HfHubHTTPError

REPO, HIDDEN = os.environ["HUB_REPO"], os.environ["HUB_HIDDEN"]
api, stranger = HfApi(), HfApi(token=os.environ["HUB_STRANGER"])


def raises(call, *arguments, **named):
    try:
        call(*arguments, **named)
    except HfHubHTTPError as error:
        return error.response.status_code
    raise AssertionError(f"{call} did not raise")


def likes():
    assert "ada" in [user.username for user in stranger.list_repo_likers(REPO)]
    assert {REPO, HIDDEN} <= set(api.list_liked_repos().models)
    seen = stranger.list_liked_repos("ada")
    assert REPO in seen.models and HIDDEN not in seen.models and seen.total == len(seen.models + seen.datasets)
    api.unlike(REPO)
    api.unlike(REPO)
    assert "ada" not in [user.username for user in api.list_repo_likers(REPO)]
    assert raises(stranger.unlike, HIDDEN) == 404


def collections():
    title = f"Tried with {REPO}"
    made = api.create_collection(title, description="In order", namespace="ada")
    assert (
        api.create_collection(title, exists_ok=True).slug == made.slug and raises(api.create_collection, title) == 409
    )
    filled = api.add_collection_item(made.slug, REPO, "model", note="the best")
    filled = api.add_collection_item(made.slug, HIDDEN, "model")
    api.add_collection_item(made.slug, REPO, "model", exists_ok=True)
    assert [(item.item_id, item.note) for item in filled.items] == [(REPO, "the best"), (HIDDEN, None)]
    assert [item.item_id for item in stranger.get_collection(made.slug).items] == [REPO]
    assert raises(stranger.add_collection_item, made.slug, REPO, "model") == 403
    api.update_collection_item(made.slug, filled.items[1].item_object_id, position=0, note="hidden")
    assert [item.note for item in api.get_collection(made.slug).items] == ["hidden", "the best"]
    return made.slug


def lists(slug):
    assert slug in [found.slug for found in stranger.list_collections(owner="ada", item=f"models/{REPO}")]
    assert list(stranger.list_collections(owner="ada", item=f"models/{HIDDEN}")) == []
    assert len(list(api.list_collections(limit=1, sort="lastModified"))) == 1
    renamed = api.update_collection_metadata(slug, title=f"Renamed, {REPO}", private=True)
    assert renamed.slug != slug and renamed.private and api.get_collection(slug).slug == renamed.slug
    assert raises(stranger.get_collection, slug) == 404
    first = api.get_collection(slug).items[0]
    api.delete_collection_item(slug, first.item_object_id)
    api.delete_collection_item(slug, first.item_object_id, missing_ok=True)
    api.delete_collection(renamed.slug)
    api.delete_collection(slug, missing_ok=True)


def people():
    told = stranger.get_user_overview("ada")
    assert told.username == "ada" and told.num_models >= 1 and "acme" in [org.name for org in told.orgs]
    assert api.get_organization_overview("acme").num_users == 2
    assert {user.username for user in api.list_organization_members("acme")} == {"ada", "bob"}
    assert [user.username for user in api.list_user_followers("ada")] == ["bob"]
    assert [user.username for user in api.list_user_following("bob")] == ["ada"]
    if hasattr(api, "list_organization_followers"):
        assert list(api.list_organization_followers("acme")) == []


if __name__ == "__main__":
    likes()
    lists(collections())
    people()
    print("done")
