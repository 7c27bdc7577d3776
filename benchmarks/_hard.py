"""Repositories as hard on a page as they get: a card of 60 kB, a base of 30,000, a data set that 3,000 report on."""

import random

HARD = "hard"
DESCENDANTS = 30_000
RESULTS = 3_000
COMMITS = 300
FILES = 1_500


def make() -> None:
    """Into a hub that `benchmarks._catalog` has filled."""
    from hub.accounts import services as accounts
    from hub.catalog import services
    from hub.catalog.operations import AddInline

    by = accounts.SYSTEM
    accounts.create_organisation(by=by, name=HARD)
    files = {f"data/{number % 50:02}/part-{number:05}.txt": f"{number}\n".encode() for number in range(FILES)}
    files |= {"README.md": card(0), "train.py": code(), "model.safetensors": _safetensors()}
    for name, content in (
        ("base", files),
        *((f"card-{number}", {"README.md": card(number)}) for number in range(1, 9)),
    ):
        repo = services.create_repo(by=by, kind="model", owner=HARD, name=name)
        operations = [AddInline(path=path, data=data) for path, data in content.items()]
        services.commit(by=by, repo=repo, revision="main", operations=operations, title="Add the model")
    base = services.create_repo(by=by, kind="model", owner=HARD, name="history")
    for number in range(COMMITS):
        step = [AddInline(path=f"step-{number % 7}.txt", data=f"{number}".encode())]
        services.commit(by=by, repo=base, revision="main", operations=step, title=f"Step {number}")
    _data()
    _relatives()


def _data() -> None:
    from hub.accounts import services as accounts
    from hub.catalog import services
    from hub.catalog.operations import AddInline

    repo = services.create_repo(by=accounts.SYSTEM, kind="dataset", owner=HARD, name="data")
    rows = "a,b,c,d\n" + "".join(f"{n},{n * 7 % 101},some words of row {n},{n / 7:.4f}\n" for n in range(200_000))
    operations = [AddInline(path="README.md", data=card(9)), AddInline(path="rows.csv", data=rows.encode())]
    services.commit(by=accounts.SYSTEM, repo=repo, revision="main", operations=operations, title="Add the data")


def _relatives() -> None:
    from hub.catalog.models import Ancestor, Repo, ReportedResult

    models = list(Repo.objects.filter(kind="model").order_by("pk").values_list("pk", flat=True)[:DESCENDANTS])
    base = f"{HARD}/base"
    Ancestor.objects.bulk_create(
        (Ancestor(repo_id=pk, kind="model", relation="finetune", name=base, key=base) for pk in models), batch_size=2000
    )
    data = f"{HARD}/data"
    reporting = models[:RESULTS]
    Ancestor.objects.bulk_create(
        Ancestor(repo_id=pk, kind="dataset", relation="evaluated-on", name=data, key=data) for pk in reporting
    )
    draw = random.Random(0)
    ReportedResult.objects.bulk_create(
        ReportedResult(repo_id=pk, position=100 + number, source="model-index", path="README.md", dataset=data,
                       dataset_name="Hard data", metric=metric, benchmark=f"{data}/{metric}", value=draw.random(),
                       text=f"{draw.random():.4f}")
        for pk in reporting for number, metric in enumerate(("accuracy", "f1"))
    )  # fmt: skip


def card(seed: int) -> bytes:
    """Some 60 kB of prose, tables, code and formulas, no two alike."""
    draw = random.Random(seed)
    words = sorted({"model", "reads", "sentence", "vectors", "search", "with", "data", "bias", "licence", "training"})
    parts = [f"---\nlicense: mit\npipeline_tag: text-generation\nlanguage: [en]\n---\n# Card {seed}\n"]
    while sum(map(len, parts)) < 60_000:
        at = len(parts)
        prose = " ".join(draw.choices(words, k=140)).replace("bias", "**bias**").replace("data", "[data](data.csv)")
        rows = "".join(f"| {draw.random():.4f} | {draw.random():.4f} | `{draw.random():.3f}` |\n" for _ in range(12))
        formulas = (
            f"The loss is $\\frac{{x_{{{at}}}^2}}{{\\sqrt{{{seed + 1}}}}}$.\n\n$$\\sum_{{i={at}}}^n y_i^{seed}$$\n"
        )
        listing = "".join(f"value_{n} = compute({draw.random():.5f}, name='x{n}')  # {n}\n" for n in range(20))
        parts.append(
            f"## Part {at}\n\n{prose}\n\n| a | b | c |\n|--|--:|:-:|\n{rows}\n{formulas}\n```python\n{listing}```\n"
        )
    return "\n".join(parts).encode()


def code() -> bytes:
    return "".join(
        f"def step_{n}(batch: int = {n}) -> str:\n    return f'{{batch}} of {n}'\n\n\n" for n in range(500)
    ).encode()


def _safetensors(layers: int = 80) -> bytes:
    import json
    import struct

    names = [
        f"model.layers.{n}.{part}.weight" for n in range(layers) for part in ("attn.q", "attn.k", "attn.v", "mlp.up")
    ]
    header = {
        name: {"dtype": "F32", "shape": [4, 4], "data_offsets": [n * 64, n * 64 + 64]} for n, name in enumerate(names)
    }
    packed = json.dumps(header).encode()
    return struct.pack("<Q", len(packed)) + packed + bytes(64 * len(names))
