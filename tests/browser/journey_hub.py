"""What stands on the hub of the journey: a base, what ada made from it and from data, and one to compare it with."""

import hashlib
import json
import struct
from pathlib import Path

BASE = """---
license: apache-2.0
library_name: sentence-transformers
pipeline_tag: sentence-similarity
language: en
---
# Encoder of sentences

Turns a sentence into numbers, for search and grouping.
"""
TUNED = """---
license: {licence}
library_name: transformers
pipeline_tag: text-classification
language: en
base_model: headstart/encoder
datasets: [headstart/films]
model-index:
- name: {name}
  results:
  - task: {{type: text-classification}}
    dataset: {{name: Film reviews, type: headstart/films}}
    metrics: [{{type: accuracy, name: Accuracy, value: {accuracy}}}]
---
# {name}

Tells whether a review of a film praises or complains.
"""
FILMS = "---\nlicense: cc-by-4.0\n---\n# Film reviews\n\nWhat people wrote about films.\n"
WEIGHTS = {"encoder.weight": (64, 32), "classifier.weight": (2, 64), "classifier.bias": (2,)}


def make() -> None:
    """Fill a hub that has just started: ada signs in with the factories' password."""
    from tests.factories import make_repo, make_user

    ada = make_user("ada")
    make_repo("encoder", owner="headstart", files={"README.md": BASE.encode()})
    make_repo("films", owner="headstart", kind="dataset", files={"README.md": FILMS.encode()})
    for name, licence, accuracy in (("film-mood", "mit", 0.91), ("film-taste", "cc-by-nc-4.0", 0.87)):
        card = TUNED.format(name=name, licence=licence, accuracy=accuracy)
        make_repo(name, owner=ada, files={"README.md": card.encode(), "model.safetensors": safetensors(WEIGHTS)})


def safetensors(tensors: dict[str, tuple[int, ...]]) -> bytes:
    """A file of these shapes, in 32-bit floats that differ from each other."""
    header, data = {}, bytearray()
    for name, shape in tensors.items():
        start, count = len(data), 4
        for size in shape:
            count *= size
        while len(data) < start + count:
            data += hashlib.sha256(f"{name} {len(data)}".encode()).digest()
        del data[start + count :]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, len(data)]}
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + data


def sha256_of(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


if __name__ == "__main__":
    import django

    django.setup()
    make()
