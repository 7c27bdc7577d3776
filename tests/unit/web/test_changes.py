"""Commits and revisions, compared file by file."""

from hub.catalog import services
from hub.catalog.operations import AddInline, DeleteFile
from tests.factories import viewer_of


def _commit(user, repo, title="Change", **files):
    operations = [AddInline(path=path.replace("__", "."), data=data) for path, data in files.items()]
    return services.commit(by=viewer_of(user), repo=repo, revision="main", operations=operations, title=title)


def _text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_a_commit_shows_lines_pictures_and_sizes(client, user, model, url) -> None:
    _commit(user, model, train__py=b"print('ho')\n", a__png=b"\x89PNG", big__txt=b"x\n" * 150_000, w__bin=b"\0\2" * 400)
    text = _text(client.get(f"{url}/commit/main"))
    for part in ("4 files changed", "print(&#x27;<mark>hi</mark>&#x27;)", "<mark>ho</mark>", "Nothing before"):
        assert part in text
    assert "600 B → 800 B" in text and "Not text." in text and "Download what was before" in text


def test_one_file_alone(client, user, model, url) -> None:
    _commit(user, model, a__txt=b"one\n", b__txt=b"two\n")
    text = _text(client.get(f"{url}/commit/main?path=b.txt"))
    assert "two" in text and ">a.txt<" not in text and "Show all of them" in text


def test_two_revisions(client, user, model, url) -> None:
    services.create_tag(by=viewer_of(user), repo=model, name="v1", revision="main")
    _commit(user, model, train__py=b"print('ho')\n")
    services.commit(
        by=viewer_of(user), repo=model, revision="main", operations=[DeleteFile(path="w.bin")], title="Less"
    )
    text = _text(client.get(f"{url}/compare/v1...main"))
    assert "2 files changed" in text and "<s>w.bin</s>" in text
    assert "Nothing differs" in _text(client.get(f"{url}/compare/main...main"))
    sent = client.get(f"{url}/compare", {"old": "v1", "new": "main"})
    assert sent.status_code == 302 and sent["Location"] == f"{url}/compare/v1...main"
    assert client.get(f"{url}/compare/v1...nothing").status_code == 404
    assert f'action="{url}/compare"' in _text(client.get(f"{url}/commits/main"))


def test_queries_do_not_grow_with_files_or_commits(client, user, model, url, django_assert_max_num_queries) -> None:
    from hub.catalog import trees

    for number in range(12):
        _commit(user, model, **{f"f{at}__txt": b"%d" % number for at in range(12)})
    client.get(f"{url}/commit/main")  # a process keeps the rules until they change
    for page, most in (("commit/main", 12), ("tree/main", 12), ("compare/main...main", 10), ("commits/main", 10)):
        trees.cache.clear()
        with django_assert_max_num_queries(most):
            client.get(f"{url}/{page}")
    for page, most in (("", 23), ("data", 8), ("licence", 9), ("bias", 9), ("rows/main/data/rows.csv", 8)):
        with django_assert_max_num_queries(most):
            client.get(f"{url}/{page}".rstrip("/"))
