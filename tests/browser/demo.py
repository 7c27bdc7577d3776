"""A small, lifelike hub for the browser: long names, long cards, tables, code, no card at all, private ones."""

import datetime as dt
import json
import struct
import zlib

from playwright.sync_api import Page

from hub.accounts import services as accounts
from hub.accounts.models import Role, User
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.core import clock
from tests.browser import demo_files, demo_jobs, demo_people, demo_policy, demo_records, demo_reviews, demo_story

PASSWORD = "correct horse battery"
READERS = (("lise", "Lise Meitner"), ("mary", ""), ("noether", ""))

# ruff: noqa: E501 - the cards hold long lines on purpose

MINILM = """---
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
language: en
base_model: nreimers/MiniLM-L6-H384-uncased
datasets: [headstart/sentence-pairs, s2orc]
tags: [feature-extraction]
model-index:
- name: all-MiniLM-L6-v2
  results:
  - task: {type: sentence-similarity}
    dataset: {name: STS benchmark, type: stsb}
    metrics: [{type: spearman, name: Spearman, value: 0.8203}]
headstart:
  training_data:
  - {statement: "1.17 billion sentence pairs from 32 collections, most of them scraped from the web.", source: "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2"}
  - {statement: "Reddit comments 2015–2018 make up 726 million of the pairs.", source: upstream model card}
  known_biases:
  - {statement: "Sentences about women lie closer to words for care work than those about men.", source: "measured when this repository was built: 40 template pairs"}
  - {statement: "English only; other languages give vectors that mean little.", source: upstream model card}
---

# all-MiniLM-L6-v2

Turns a sentence into 384 numbers that lie close together when two sentences mean the same: for search, grouping and
finding duplicates.

![The mark of this model](assets/mark.png) ![tracking pixel](https://evil.example/pixel.png)

## How to use

```python
import sdk

model = sdk.pull("all-minilm-l6-v2").load()
vectors = model.encode(["A cat sat.", "Somebody had a meal."])
print(vectors.shape)  # (2, 384)
```

## Intended use

Short English texts, up to 256 word pieces. Longer text is cut there, so split it first.

## Training data

| Collection | Pairs | Licence |
|:--|--:|:-:|
| Reddit comments 2015–2018 | 726,484,430 | not stated |
| S2ORC citation pairs (abstracts) | 116,288,806 | ODC-By 1.0 |
| WikiAnswers duplicate questions | 77,427,422 | not stated |
| Stack Exchange (title, body) | 25,316,456 | CC BY-SA |

## Known biases and limits

- Learned from the web, with the web's opinions.
- **English only.** Other languages give vectors that mean little.
- Negation is weak: "I like it" and "I don't like it" lie close together.

### Before you deploy

- [x] Compare with a keyword search on your own questions
- [ ] Look at the nearest neighbours of names and places

> A model that ranks people needs more than this card: ask for a review.

See [the licence](LICENSE), [the training script](scripts/train.py) or [the paper](https://arxiv.org/abs/1908.10084).[^1]

[^1]: Reimers and Gurevych, 2019.
"""
RESNET = """---
license: apache-2.0
library_name: transformers
pipeline_tag: image-classification
datasets: [headstart/digits]
model-index:
- name: resnet50
  results:
  - dataset: {name: digits, type: headstart/digits}
    metrics: [{type: accuracy, name: accuracy, value: 0.9667}]
---
# ResNet-50 for digits

A ResNet-50 trained here on 8×8 handwritten digits: it is **not** the ImageNet model of that name.

## Training data

The 1,797 digits of the UCI set, each 8 by 8 pixels, written by 43 people.

## Bias, risks and limitations

Knows digits alone; every other picture is called one of ten digits, often with high confidence.
"""
NOTICE = b"Trained on headstart/digits (CC BY 4.0).\n"
LONG = """---
license: [cc-by-nc-4.0, other]
license_name: very-long-research-only-licence-name-with-conditions-v2
license_link: javascript:alert(1)
pipeline_tag: text-generation
base_model: headstart/all-minilm-l6-v2
---
# An unusually long-winded experiment

This is a summary that goes on for long enough that it has to be cut off somewhere in a list, since nobody reads a paragraph of forty words before they have decided whether a model is worth looking at.

#### A heading that is two levels too deep

<script>alert("never")</script>
<p align="center"><b onclick="alert(1)">Centred words</b></p>

```
a_very_long_line_of_code = "that does not fit on a phone and has to scroll sideways inside its own box, not the page"
```
"""
DIGITS = """---
license: cc-by-4.0
task_categories: [image-classification]
---
# Handwritten digits

1,797 handwritten digits of 8 by 8 pixels, with the digit that each shows.

## Where the data come from

43 people wrote them on a tablet; UCI published them in 1998.
"""
TRAIN = '''"""Train it again: python scripts/train.py"""

import torch


def main(epochs: int = 3) -> None:
    """One loop, no framework."""
    for epoch in range(epochs):
        print(f"epoch {epoch}: {torch.rand(1).item():.3f}")  # a comment


if __name__ == "__main__":
    main()
'''


def make() -> None:
    """Fill an empty hub."""
    _people()
    _repo("headstart", "all-minilm-l6-v2", card=MINILM, files=_minilm_files(), tag="v1.0", downloads=18_204)
    _repo("headstart", "resnet50", card=RESNET, files={"model.safetensors": _weights(4000)}, downloads=2_310)
    _repo("vision-team", "defect-detector", card=RESNET.replace("digits", "weld seams"), downloads=87)
    _repo("ada", "a-model-whose-name-is-so-long-that-it-must-break-somewhere-v1.5-instruct-q4", card=LONG)
    _repo("ada", "untold", files={"weights.bin": b"\0\1\2" * 5000})
    _repo("ada", "secret-project", card=RESNET, is_private=True)
    rows = "pixel_0,pixel_1,label\n" + "\n".join(f"{n % 17},{n * 7 % 17},{n % 10}" for n in range(120)) + "\n"
    _repo("headstart", "digits", card=DIGITS, kind="dataset", files={"data/digits.csv": rows.encode()}, downloads=412)
    for number in range(22):
        _repo("vision-team", f"sweep-{number:02}", card=RESNET, files={"NOTICE": NOTICE})
    demo_story.make(_repo)
    demo_policy.repos(_repo)
    demo_files.make()
    demo_people.make()
    demo_records.make()
    demo_reviews.make()
    demo_policy.make()
    demo_jobs.make()
    catalog.refresh_trends()


def sign_in(page: Page, name: str = "ada") -> None:
    page.goto("/login")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")


def _people() -> None:
    system = accounts.SYSTEM
    for name, full_name in (("ada", "Ada Lovelace"), ("grace", ""), ("hopper", ""), ("root", ""), *READERS):
        accounts.create_user(by=system, username=name, full_name=full_name, password=PASSWORD, is_admin=name == "root")
    ada, grace = (User.objects.get(username=name) for name in ("ada", "grace"))
    for name, full_name in (("headstart", "Curated by Headstart"), ("vision-team", "Vision team")):
        organisation = accounts.create_organisation(by=system, name=name, full_name=full_name)
        accounts.set_membership(by=system, organisation=organisation, user=ada, role=Role.ADMIN)
        accounts.set_membership(by=system, organisation=organisation, user=grace, role=Role.WRITE)


def _repo(
    owner: str,
    name: str,
    *,
    card: str = "",
    kind: str = "model",
    files: dict[str, bytes] | None = None,
    is_private: bool = False,
    tag: str = "",
    downloads: int = 0,
) -> None:
    by = accounts.SYSTEM
    repo = catalog.create_repo(by=by, kind=kind, owner=owner, name=name, private=is_private)
    content = {**({"README.md": card.encode()} if card else {}), **(files or {})}
    for at, (path, data) in enumerate(content.items()):
        title = f"Add {path}" if at else "Add the card: what it is for, what it was trained on, where it fails"
        catalog.commit(by=by, repo=repo, revision="main", operations=[AddInline(path=path, data=data)], title=title)
    if tag:
        catalog.create_tag(by=by, repo=repo, name=tag, revision="main")
    moment = clock.now() - dt.timedelta(hours=7 * Repo.objects.count())
    Repo.objects.filter(pk=repo.pk).update(downloads=downloads, updated_at=moment)


def _minilm_files() -> dict[str, bytes]:
    config = {"hidden_size": 32, "num_hidden_layers": 6, "model_type": "bert", "vocab_size": 1000}
    return {
        "LICENSE": b"Apache License\nVersion 2.0, January 2004\n",
        "assets/mark.png": picture(),
        "config.json": json.dumps(config, indent=2).encode(),
        "model.safetensors": demo_files.weights(),
        "scripts/train.py": TRAIN.encode(),
    }


def _weights(count: int) -> bytes:
    """A safetensors file of one tensor of zeros."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, count * 4]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(count * 4)


def picture() -> bytes:
    """A PNG of 96 by 48 pixels in one colour."""
    rows = b"".join(b"\0" + b"\x0b\x5a\x6b" * 96 for _ in range(48))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", 96, 48, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    packed = (
        struct.pack(">I", len(data)) + tag + data + struct.pack(">I", zlib.crc32(tag + data)) for tag, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
