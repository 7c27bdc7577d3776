"""The Weights page, the memory beside the card, and weights on the page of a commit."""

import json
from typing import Any

import pytest

from hub.catalog import services
from hub.catalog.operations import AddInline
from hub.catalog.selectors import headers
from tests.factories import make_repo
from tests.unit.catalog.weights.made import gguf, safetensors

HOSTILE = '<script>alert("x")</script>'
CONFIG = {"num_hidden_layers": 2, "hidden_size": 8, "num_attention_heads": 2, "architectures": ["XForCausalLM"]}


@pytest.fixture(autouse=True)
def _cold() -> None:
    headers.headers.clear()


def layers(count: int) -> bytes:
    parts = ("a", "b", "c", "d", "e")
    names = [f"model.layers.{number}.{part}.weight" for number in range(count) for part in parts]
    return safetensors({name: ("F32", [2, 3], 24) for name in names} | {f"{HOSTILE}.w": ("I8", [2], 2)}, note=HOSTILE)


@pytest.fixture
def weighty(user: Any) -> str:
    files = {
        "model.safetensors": layers(12),
        "q.gguf": gguf(tensors=[("b", [64], 8, 0)], body=68),
        "old.gguf": b"GGUF\1\0\0\0",
        "pytorch_model.bin": b"\x80\2",
        "config.json": json.dumps(CONFIG).encode(),
    }
    return f"/{make_repo('heavy', owner=user, files=files).full_name}"


def get(client: Any, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_what_there_is(client, weighty) -> None:
    text = get(client, f"{weighty}/weights")
    for part in ("61 tensors", "0–11", "12 alike", "Fine-tune with LoRA", "any 4 GB GPU", "2 × 2 layers × 2 heads"):
        assert part in text
    assert "can&#x27;t be read without running the code" in text and "version 1" in text
    assert "No parameters" not in text and "EleutherAI" in text


def test_names_and_metadata_are_hostile(client, weighty) -> None:
    text = get(client, f"{weighty}/weights")
    assert HOSTILE not in text and text.count("&lt;script&gt;alert(") >= 2


def test_one_module_one_file_and_nonsense(client, weighty) -> None:
    module = get(client, f"{weighty}/weights?module=model.layers.3")
    assert "All tensors" in module and "12 alike" not in module and "c.weight" in module
    other = get(client, f"{weighty}/weights?file=q.gguf")
    assert "8.5 bits each with its scales" in other and "unrounded" in other
    for nonsense in ("?module=no.such", "?file=none", "?from=99999", "?module=%00%F0", "?from=x&module=..&file=/"):
        get(client, f"{weighty}/weights{nonsense}")


def test_many_tensors_are_laid_out_in_part(client, user) -> None:
    names = [f"part{number}x.{leaf}.w" for number in range(150) for leaf in range(9 + number % 7)]
    names += [f"loose{number}" for number in range(150)]
    repo = make_repo("many", owner=user, files={"model.safetensors": safetensors(dict.fromkeys(names, ("I8", [1], 1)))})
    text = get(client, f"/{repo.full_name}/weights")
    assert "50 more here" in text and len(text) < 200_000
    assert "loose149" in get(client, f"/{repo.full_name}/weights?from=100")


def test_the_tab_is_there_for_models_with_weights(client, user, weighty) -> None:
    assert f'href="{weighty}/weights"' in get(client, weighty)
    bare = make_repo("bare", owner=user, files={"a.txt": b"a"})
    assert "/weights" not in get(client, f"/{bare.full_name}")
    assert "No weights" in get(client, f"/{bare.full_name}/weights")
    data = make_repo("data", owner=user, kind="dataset", files={"a.safetensors": layers(1)})
    assert "/weights" not in get(client, f"/datasets/{data.full_name}")
    assert client.get(f"/datasets/{data.full_name}/weights").status_code == 404


def test_memory_stands_beside_the_card(client, weighty) -> None:
    text = get(client, weighty)
    assert "Size and memory" in text and "; fits any 4 GB GPU" in text


def test_private_and_gated(client, user) -> None:
    hidden = make_repo("hidden", owner=user, private=True, files={"model.safetensors": layers(1)})
    assert client.get(f"/{hidden.full_name}/weights").status_code == 404
    gated = make_repo("gated", owner=user, files={"model.safetensors": layers(1)})
    gated.gate = "manual"
    gated.save(update_fields=["gate"])
    answer = client.get(f"/{gated.full_name}/weights")
    assert answer.status_code == 403 and b"layers" not in answer.content
    assert client.get(f"/{gated.full_name}").status_code == 200


def test_a_commit_shows_which_tensors_changed(client, user, viewer) -> None:
    old, new = {"a": ("F32", [2], 8), "gone": ("I8", [1], 1)}, {"a": ("F16", [2], 4), HOSTILE: ("I8", [1], 1)}
    repo = make_repo("changing", owner=user, files={"model.safetensors": safetensors(old)})
    operations = [AddInline(path="model.safetensors", data=safetensors(new))]
    services.commit(by=viewer, repo=repo, revision="main", operations=operations, title="Other weights")
    text = get(client, f"/{repo.full_name}/commit/main")
    assert "Tensors: 1 added, 1 removed and 1 of another shape or type." in text
    assert "F32, 2, 8 B" in text and HOSTILE not in text and "&lt;script&gt;alert(" in text


@pytest.mark.parametrize("count", [1, 60])
def test_queries_do_not_grow_with_tensors(client, user, count, django_assert_max_num_queries) -> None:
    repo = make_repo("grown", owner=user, files={"model.safetensors": layers(count), "config.json": b"{}"})
    with django_assert_max_num_queries(9):
        get(client, f"/{repo.full_name}/weights")
    # One of them asks the rules for pulls.
    with django_assert_max_num_queries(5):
        get(client, f"/{repo.full_name}/weights")
