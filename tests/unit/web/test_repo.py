"""The pages of one repository."""

import ast
import shlex
from types import SimpleNamespace

import pytest

from hub.catalog.selectors import revision_of
from tests.factories import make_repo, make_user


def _text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("library", "line"),
    [("transformers", "AutoModel.from_pretrained("), ("sentence-transformers", "SentenceTransformer("), ("own", "")],
)
def test_the_cards_library_says_what_loads_it(client, user, library, line) -> None:
    card = f"---\nlibrary_name: {library}\n---\n# Some model\n".encode()
    text = _text(client.get(f"/{make_repo(owner=user, files={'README.md': card}).full_name}"))
    assert ("HF_ENDPOINT" in text) == bool(line) and line in text


def test_card_and_evidence(client, url) -> None:
    text = _text(client.get(url))
    for part in (
        "Ten thousand photographs of welds.",
        "Steel only.",
        "Source: lab notes",
        "someone/else",
        "not on this hub",
        "Not stated in the card.",
        f"import sdk\nsdk.pull(&quot;{url[1:]}&quot;, hub=&quot;http://testserver&quot;)",
        f"headstart pull {url[1:]} --hub http://testserver",
        "from huggingface_hub import snapshot_download",
    ):
        assert part in text


def test_the_card_does_not_say_again_what_the_banner_says(client, url) -> None:
    text = _text(client.get(url))
    assert text.count("<h1") == 1
    assert text.partition("<body>")[2].count("Tells good welds from bad ones.") == 1
    assert '<h2 id="card-known-biases">' in text


def test_a_card_with_a_title_of_its_own_keeps_it(client, user) -> None:
    make_repo(name="plain", owner=user, files={"README.md": b"# A seam finder\n\nFinds seams.\n"})
    assert '<h1 id="card-a-seam-finder">A seam finder ' in _text(client.get(f"/{user.username}/plain"))


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_python_to_paste_is_python(user, kind) -> None:
    from hub.web.pages import repo as pages

    repo = make_repo(name="with-quite-a-long-name", owner=user, kind=kind)
    for pull in pages._pulls(repo, 'v1"; import this #', "http://hub.example:8000"):
        if pull.key == "cli":
            assert shlex.split(pull.line)[-4:] == [
                "--revision",
                'v1"; import this #',
                "--hub",
                "http://hub.example:8000",
            ]
        else:
            tree = ast.parse(pull.line)
            assert "this" not in {
                name.name for each in ast.walk(tree) if isinstance(each, ast.Import) for name in each.names
            }


def test_files_can_be_seen_at_another_revision(client, user, url, model) -> None:
    from hub.accounts.viewer import Viewer
    from hub.catalog.services import create_branch, create_tag

    by = Viewer(user=user)
    create_branch(by=by, repo=model, name="try/it")
    create_tag(by=by, repo=model, name="v1", revision="main")
    for page in ("tree/main/data", "blob/main/train.py"):
        text = _text(client.get(f"{url}/{page}"))
        for revision in ("try%2Fit", "v1"):
            assert f'href="{url}/{page.replace("main", revision)}"' in text
    assert f'href="{url}/tree/main" aria-current="true"' in _text(client.get(f"{url}/tree/main"))
    commit = revision_of(model, "main").commit
    assert f"commit {commit[:8]}" in _text(client.get(f"{url}/tree/{commit}"))


def test_a_weights_file_shows_its_tensors(client, user) -> None:
    header = b'{"layer.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}'
    good = len(header).to_bytes(8, "little") + header + bytes(24)
    make_repo(name="w", owner=user, files={"model.safetensors": good})
    text = _text(client.get(f"/{user.username}/w/blob/main/model.safetensors"))
    for part in ("<td>layer.weight</td>", "<td>F32</td>", "<td>2 × 3</td>", "1 tensor"):
        assert part in text


def test_a_weights_file_with_a_header_too_long_for_a_page_is_not_shown() -> None:
    from hub.web.pages import files

    long = SimpleNamespace(data=(9_000_000).to_bytes(8, "little") + b"{" * 9_000_000, size=9_000_008, sha256=None)
    assert files.show(long, SimpleNamespace(), "model.safetensors").view == "none"


def test_a_base_model_that_is_here_is_linked(client, user) -> None:
    make_repo(name="base", owner=user)
    make_repo(name="tuned", owner=user, files={"README.md": f"---\nbase_model: {user.username}/BASE\n---\n".encode()})
    assert f'<a href="/{user.username}/base">' in _text(client.get(f"/{user.username}/tuned"))


def test_no_card_is_said_plainly(client, user) -> None:
    make_repo(name="bare", owner=user)
    text = _text(client.get(f"/{user.username}/bare"))
    assert "No card" in text and text.count("Not stated in the card.") >= 3


def test_a_data_set_has_the_same_pages(client, user) -> None:
    make_repo(name="d", owner=user, kind="dataset", files={"README.md": b"# D\n", "a.csv": b"x,y\n1,2\n"})
    at = f"/datasets/{user.username}/d"
    assert "repo_type=&quot;dataset&quot;" in _text(client.get(at))
    for path in (f"{at}/tree/main", f"{at}/blob/main/a.csv", f"{at}/commits/main"):
        _text(client.get(path))


def test_files_with_sizes_and_ways_to_them(client, url) -> None:
    text = _text(client.get(f"{url}/tree/main"))
    for part in ("README.md", "600 B", f"{url}/blob/main/train.py", f"{url}/tree/main/data", "Add files"):
        assert part in text
    assert "rows.csv" in _text(client.get(f"{url}/tree/main/data"))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("train.py", '<span class="nb">print</span>'),
        ("data/rows.csv", "<td>1</td>"),
        ("README.md", "Tells good welds from bad ones."),
        ("w.bin", "Not shown here"),
    ],
)
def test_file_views(client, url, path, shown) -> None:
    text = _text(client.get(f"{url}/blob/main/{path}"))
    assert shown in text and f"{url}/resolve/main/{path}" in text


def test_versions_and_a_commit(client, url) -> None:
    text = _text(client.get(f"{url}/commits/main"))
    assert "Add files" in text and "main" in text
    commit = text.partition(f'href="{url}/commit/')[2].partition('"')[0]
    shown = _text(client.get(f"{url}/commit/{commit}"))
    assert "train.py" in shown and "added" in shown and "Files at this commit" in shown


def test_private_and_missing_look_alike(client, user) -> None:
    make_repo(name="vault", owner=user, private=True)
    private, missing = client.get(f"/{user.username}/vault"), client.get(f"/{user.username}/nothing")
    assert private.status_code == missing.status_code == 404
    assert private.content.replace(b"vault", b"nothing") == missing.content
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/{user.username}/vault/tree/main").status_code == 404


@pytest.mark.parametrize(
    "tail", ["/tree/nope", "/tree/main/nope", "/blob/main/nope", "/blob/main/..%2f..%2fetc", "/commit/" + "0" * 40]
)
def test_what_is_not_there(client, url, tail) -> None:
    assert client.get(url + tail).status_code in {400, 404, 422}


HOSTILE_CARD = b"""---
license: "<script>alert(1)</script>"
license_link: javascript:alert(1)
pipeline_tag: "\\"><img src=x onerror=alert(1)>"
library_name: ["<b>", {x: 1}]
base_model: ["<svg onload=alert(1)>", 7, null, {a: b}]
datasets: 42
model-index: [{results: [{dataset: "no", metrics: [{type: "<i>", value: "<script>"}, {value: [1]}]}, 3]}, null]
headstart:
  training_data: "<script>alert(1)</script>"
  known_biases: [{statement: "<b>", source: "javascript:alert(1)"}]
---
<script>alert(1)</script><img src=x onerror=alert(1)>
"""


def test_hostile_metadata_is_escaped_everywhere(client, user) -> None:
    make_repo(
        name="evil",
        owner=user,
        files={"README.md": HOSTILE_CARD, "<img src=x onerror=alert(1)>.py": b"</pre><script>alert(1)</script>"},
    )
    at = f"/{user.username}/evil"
    for path in (
        at,
        "/models",
        "/",
        f"/{user.username}",
        f"{at}/tree/main",
        f"{at}/blob/main/README.md",
        f"{at}/commits/main",
    ):
        text = _text(client.get(path))
        assert "<script>alert" not in text
        assert "<img src=x" not in text and "<svg onload" not in text
        assert 'href="javascript:' not in text


def test_a_hostile_file_is_shown_as_text(client, user) -> None:
    make_repo(
        name="evil",
        owner=user,
        files={"a.py": b"</pre><script>alert(1)</script>", "b.csv": b"<script>alert(1)</script>,b\n"},
    )
    for name in ("a.py", "b.csv"):
        assert "<script>alert" not in _text(client.get(f"/{user.username}/evil/blob/main/{name}"))


def test_a_moved_model_leads_to_its_new_name(client, user) -> None:
    from hub.accounts.viewer import Viewer
    from hub.catalog.services import move_repo

    repo = make_repo(name="old", owner=user)
    move_repo(by=Viewer(user=user), repo=repo, to_owner=user.username, to_name="new")
    response = client.get(f"/{user.username}/old/tree/main")
    assert response.status_code == 302 and response["Location"] == f"/{user.username}/new/tree/main"


def test_a_file_that_storage_keeps_is_shown_too(client, user) -> None:
    long = b"".join(b"line %d\n" % number for number in range(9000))
    make_repo(name="long", owner=user, files={"a.txt": long})
    text = _text(client.get(f"/{user.username}/long/blob/main/a.txt"))
    assert "line 4999" in text and "line 5000" not in text and "The first 5,000 of 9,000 lines are shown." in text
