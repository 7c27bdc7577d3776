"""For the demo hub: files of every sort that a page shows, and a second version to compare with the first."""

import io
import json
import math
import struct
import wave

import pyarrow as pa
import pyarrow.parquet as pq

from hub.accounts import services as accounts
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline

WIDTH, WORDS, LAYERS = 32, 1000, 6
NOTES = """# Notes on training

1. Learning rate 2e-5, warmed up over 500 steps.
2. Batches of 1,024 pairs on one GPU.

| Epoch | Loss | Spearman |
|--:|--:|--:|
| 1 | 0.412 | 0.791 |
| 2 | 0.387 | 0.820 |

The loss is $-\\log \\frac{e^{s_{ii}/\\tau}}{\\sum_j e^{s_{ij}/\\tau}}$ with the other pairs of a batch as negatives.
"""
TRAIN_AGAIN = '''"""Train it again: python scripts/train.py"""

import torch


def main(epochs: int = 4, rate: float = 2e-5) -> None:
    """One loop, no framework."""
    torch.manual_seed(7)
    for epoch in range(epochs):
        print(f"epoch {epoch}: {torch.rand(1).item():.3f}")  # a comment


if __name__ == "__main__":
    main()
'''


def make() -> None:
    """More files in the first model and the first data set, in one commit each."""
    sizes = {"hidden_size": WIDTH, "num_hidden_layers": LAYERS, "intermediate_size": WIDTH * 4, "vocab_size": WORDS}
    config = {"model_type": "bert", **sizes, "num_attention_heads": 4, "max_position_embeddings": 256}
    _commit(
        "headstart/all-minilm-l6-v2",
        "Train a fourth epoch, with a pooler",
        {
            "config.json": json.dumps(config, indent=2).encode(),
            "docs/notes.md": NOTES.encode(),
            "model.safetensors": weights(seed=1, has_pooler=True),
            "samples/hello.wav": _tone(),
            "scripts/train.py": TRAIN_AGAIN.encode(),
        },
    )
    _commit("headstart/digits", "The same rows as Parquet", {"data/digits.parquet": _table()})


def weights(seed: int = 0, *, has_pooler: bool = False) -> bytes:
    """A safetensors file shaped like a small encoder; another seed has other numbers in its last layer."""
    shapes = {"embeddings.word_embeddings.weight": [WORDS, WIDTH], "embeddings.LayerNorm.weight": [WIDTH]}
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        shapes |= {f"{at}.attention.self.{part}.weight": [WIDTH, WIDTH] for part in ("query", "key", "value")}
        shapes |= {f"{at}.intermediate.dense.weight": [WIDTH * 4, WIDTH]}
        shapes |= {f"{at}.output.dense.weight": [WIDTH, WIDTH * 4]}
    shapes |= {"pooler.dense.weight": [WIDTH, WIDTH]} if has_pooler else {}
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, shape in shapes.items():
        number = seed if name.startswith(f"encoder.layer.{LAYERS - 1}") else 0
        packed = struct.pack("<f", number) * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(packed)]}  # type: ignore[dict-item]
        data += packed
    written = json.dumps(header).encode()
    return struct.pack("<Q", len(written)) + written + data


def _commit(name: str, title: str, files: dict[str, bytes]) -> None:
    operations = [AddInline(path=path, data=data) for path, data in files.items()]
    repo = Repo.objects.select_related("owner").get(key=name)
    moment = repo.updated_at
    catalog.commit(by=accounts.SYSTEM, repo=repo, revision="main", operations=operations, title=title)
    Repo.objects.filter(pk=repo.pk).update(updated_at=moment)


def _tone() -> bytes:
    """Half a second of a sine wave."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"".join(struct.pack("<h", int(9000 * math.sin(n / 3))) for n in range(4000)))
    return file.getvalue()


def _table() -> bytes:
    file = io.BytesIO()
    columns = {"pixels": [[n % 17, n * 7 % 17, 3] for n in range(120)], "label": [n % 10 for n in range(120)]}
    pq.write_table(pa.table({**columns, "writer": [f"writer {n % 43}" for n in range(120)]}), file)
    return file.getvalue()
