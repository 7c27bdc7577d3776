"""What was made from what, and that nobody learns from it of what they may not see."""

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog import selectors, services
from hub.catalog.ancestry import named_ancestors, relation_of
from hub.catalog.models import Ancestor
from hub.catalog.operations import AddInline
from hub.catalog.selectors import revision_of
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def card(**metadata: object) -> dict[str, bytes]:
    lines = "\n".join(f"{name}: {value}" for name, value in metadata.items())
    return {"README.md": f"---\n{lines}\n---\n# A model\n".encode()}


def edit(repo, owner, files: dict[str, bytes]) -> None:
    operations = [AddInline(path=path, data=data) for path, data in files.items()]
    services.commit(by=viewer_of(owner), repo=repo, revision="main", operations=operations, title="Edit")


def said(found) -> list[tuple[str, str, str]]:
    return [(edge.child, edge.relation, edge.parent) for edge in found.edges]


@pytest.mark.parametrize(
    ("metadata", "files", "relation"),
    [
        ({"base_model": "a/b"}, [], ("finetune", True)),
        ({"base_model": "a/b", "base_model_relation": "quantized"}, ["adapter_config.json"], ("quantized", False)),
        ({"base_model": "a/b"}, ["adapter_config.json"], ("adapter", True)),
        ({"base_model": ["a/b", "c/d"]}, [], ("merge", True)),
        ({"base_model": "a/b"}, ["q4.gguf"], ("quantized", True)),
        ({"base_model": "a/b", "tags": ["GPTQ"]}, [], ("quantized", True)),
        ({"base_model": "a/b", "base_model_relation": "cousin"}, [], ("finetune", True)),
    ],
)
def test_relation(metadata, files, relation) -> None:
    assert relation_of(metadata, files) == relation


def test_names_of_a_data_sets_sources() -> None:
    metadata = {"source_datasets": ["original", "extended|a/squad", "b/c@v1", "x" * 300, 7], "datasets": "no/data"}
    named = named_ancestors("dataset", metadata, [], [])
    assert [(each.relation, each.name, each.revision) for each in named] == [
        ("source", "a/squad", ""),
        ("source", "b/c", "v1"),
    ]


@pytest.mark.parametrize(
    "value", [None, 7, {"a": 1}, [["x"]], "@", "a" * 500, ["a/b"] * 3, [f"a/{n}" for n in range(999)]]
)
def test_no_shape_of_a_card_breaks_it(value) -> None:
    metadata = dict.fromkeys(("base_model", "base_model_relation", "datasets", "source_datasets", "tags"), value)
    for kind in ("model", "dataset"):
        assert len(named_ancestors(kind, metadata, [], [])) <= 500


def test_an_edge_keeps_the_commit_that_its_name_stood_for(user) -> None:
    base = make_repo("base", owner=user, files=card(license="mit"))
    first = revision_of(base, "main").commit
    tuned = make_repo("tuned", owner=user, files=card(base_model=f"{user.username}/BASE"))
    edit(base, user, {"more.txt": b"more"})
    edit(tuned, user, card(base_model=f"{user.username}/BASE", datasets="somewhere/else"))
    (edge, outside) = selectors.lineage(ANONYMOUS, tuned).edges
    assert (edge.commit, edge.is_current, edge.is_inferred) == (first, False, True)
    assert (outside.commit, outside.is_current) == ("", False)


def test_a_revision_that_a_card_names(user) -> None:
    base = make_repo("base", owner=user, files=card(license="mit"))
    services.create_tag(by=viewer_of(user), repo=base, name="v1", revision="main")
    tagged = revision_of(base, "main").commit
    edit(base, user, {"more.txt": b"more"})
    for number, revision in enumerate(("v1", tagged)):
        tuned = make_repo(f"tuned{number}", owner=user, files=card(base_model=f"{base.full_name}@{revision}"))
        assert selectors.lineage(ANONYMOUS, tuned).edges[0].commit == tagged


def test_a_base_that_came_later_ends_at_what_is_there_now(user) -> None:
    tuned = make_repo("tuned", owner=user, files=card(base_model=f"{user.username}/base"))
    base = make_repo("base", owner=user)
    (edge,) = selectors.lineage(ANONYMOUS, tuned).edges
    assert (edge.commit, edge.is_current) == (revision_of(base, "main").commit, True)


def test_both_ways_and_past_a_move(user) -> None:
    root = make_repo("root", owner=user)
    middle = make_repo("middle", owner=user, files=card(base_model=root.full_name))
    make_repo("leaf", owner=user, files=card(base_model=middle.full_name, base_model_relation="adapter"))
    services.move_repo(by=viewer_of(user), repo=root, to_owner=user.username, to_name="origin")
    name = f"model:{user.username}"
    edges = {(f"{name}/middle", "finetune", f"{name}/origin"), (f"{name}/leaf", "adapter", f"{name}/middle")}
    for repo in (root, middle):
        repo.refresh_from_db()
        assert set(said(selectors.lineage(ANONYMOUS, repo))) == edges


def test_circles_end(user) -> None:
    one = make_repo("one", owner=user, files=card(base_model=f"[{user.username}/two, {user.username}/one]"))
    make_repo("two", owner=user, files=card(base_model=one.full_name))
    found = selectors.lineage(ANONYMOUS, one, depth=9)
    assert len(found.nodes) == 2 and len(found.edges) == 2


def test_who_was_trained_on_a_data_set(user) -> None:
    data = make_repo("data", owner=user, kind="dataset")
    make_repo("tuned", owner=user, files=card(datasets=data.full_name))
    make_repo("data", owner=user, files=card(base_model=data.full_name))  # a model of that name is another thing
    (edge,) = selectors.lineage(ANONYMOUS, data).edges
    assert (edge.child, edge.relation) == (f"model:{user.username}/tuned", "trained-on")


@pytest.mark.parametrize("relation", ["base_model", "datasets"])
def test_a_private_ancestor_looks_like_a_missing_one(user, relation) -> None:
    kind = "model" if relation == "base_model" else "dataset"
    secret = make_repo("secret", owner=make_user("zoe"), kind=kind, private=True, files=card(base_model="zoe/older"))
    hidden = make_repo("a", owner=user, files=card(**{relation: secret.full_name}))
    missing = make_repo("b", owner=user, files=card(**{relation: "zoe/absent"}))

    def shape(viewer, repo) -> str:
        found = selectors.lineage(viewer, repo)
        return repr([list(found.nodes.values())[1:], found.edges, found.more]).replace("absent", "secret")

    for viewer in (ANONYMOUS, viewer_of(user), viewer_of(make_user())):
        assert shape(viewer, hidden) == shape(viewer, missing).replace(f"{user.username}/b", f"{user.username}/a")
    assert selectors.lineage(viewer_of(make_user(is_admin=True)), hidden).edges[0].commit


def test_private_descendants_are_not_counted(user) -> None:
    base = make_repo("base", owner=user)
    for number in range(3):
        make_repo(f"open{number}", owner=user, files=card(base_model=base.full_name))
    zoe = make_user()
    make_repo("secret", owner=zoe, private=True, files=card(base_model=base.full_name))
    public, own = (selectors.lineage(viewer, base, fan_out=1) for viewer in (ANONYMOUS, viewer_of(zoe)))
    assert (len(public.edges), public.more, public.is_more_exact) == (1, 2, True)
    assert (len(own.edges), own.more) == (1, 3)
    assert "secret" not in repr(public)


def test_a_former_secret_commit_is_not_told(user) -> None:
    """A name is taken over by somebody: the commit on record is not one of theirs, so it isn't shown."""
    tuned = make_repo("tuned", owner=user, files=card(base_model=f"{user.username}/base"))
    base = make_repo("base", owner=user)
    Ancestor.objects.filter(repo=tuned).update(commit="f" * 40)
    (edge,) = selectors.lineage(ANONYMOUS, tuned).edges
    assert (edge.commit, edge.is_current) == (revision_of(base, "main").commit, True)


def test_as_many_queries_for_many_as_for_one(user, django_assert_max_num_queries) -> None:
    base = make_repo("base", owner=user, files=card(base_model="x/y", datasets="[x/z, x/w]"))
    for number in range(12):
        make_repo(f"tuned{number}", owner=user, files=card(base_model=base.full_name))
    for repo in (base, make_repo("alone", owner=user)):
        with django_assert_max_num_queries(16):
            selectors.lineage(viewer_of(user), repo)
