"""What torch and numpy really save is clean; the same with something more in it is not."""

import io
import zipfile
from collections import OrderedDict
from typing import Any

import pytest

from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import of_bytes
from tests.unit.governance.scanning.streams import protocol_2

torch = pytest.importorskip("torch")
np = pytest.importorskip("numpy")

_DTYPES = [
    "float64",
    "float32",
    "float16",
    "bfloat16",
    "int64",
    "int32",
    "int16",
    "int8",
    "uint8",
    "bool",
    "complex64",
    "complex128",
    "float8_e4m3fn",
]


def told(name: str, data: bytes) -> dict[str, Any]:
    return scan(name, of_bytes(data))


def saved(value: Any, *, as_zip: bool = True) -> bytes:
    file = io.BytesIO()
    torch.save(value, file, _use_new_zipfile_serialization=as_zip)
    return file.getvalue()


def things() -> dict[str, Any]:
    layers = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3))
    adam = torch.optim.AdamW(layers.parameters())
    layers(torch.ones(2, 4)).sum().backward()
    adam.step()
    schedule = torch.optim.lr_scheduler.StepLR(adam, 1)
    shared = torch.arange(6.0)
    return {
        "state dict": layers.state_dict(),
        "optimizer": adam.state_dict(),
        "schedule": schedule.state_dict(),
        "all of training": {"model": layers.state_dict(), "optimizer": adam.state_dict(), "epoch": 3, "loss": 0.5},
        "nested": {"a": [torch.ones(1), (torch.zeros(2), {"b": {1, 2}})], "n": None, "size": torch.Size([2, 3])},
        "dtypes": {name: torch.zeros(3, dtype=getattr(torch, name)) for name in _DTYPES},
        "names of dtypes": [torch.float32, torch.device("cpu"), torch.strided],
        "views": {"all": shared, "part": shared[2:4], "turned": shared.reshape(2, 3).t()},
        "parameters": OrderedDict(weight=torch.nn.Parameter(torch.ones(2))),
        "sparse": torch.eye(3).to_sparse(),
        "quantised": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.qint8),
        "empty": {},
        "scalar": torch.tensor(1.5),
        "bytes": {"note": b"\x00\xff", "text": "é"},
        "random state": torch.get_rng_state(),
    }


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("as_zip", [True, False])
def test_what_torch_saves_is_clean(as_zip: bool) -> None:
    for name, value in things().items():
        report = told("pytorch_model.bin", saved(value, as_zip=as_zip))
        assert report["verdict"] == "clean", (name, report)
        assert report["coverage"]["is_pickle"]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("as_zip", [True, False])
def test_whole_modules_are_not(as_zip: bool) -> None:
    report = told("model.pt", saved(torch.nn.Linear(2, 2), as_zip=as_zip))
    assert report["verdict"] in ("unsupported", "malicious")
    assert "torch.nn.modules.linear.Linear" in report["opinions"][0]["reason"]


@pytest.mark.filterwarnings("ignore")
def test_torchscript_is_code() -> None:
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), file)
    report = told("model.pt", file.getvalue())
    assert report["verdict"] == "suspicious"
    assert report["coverage"]["is_code"]


@pytest.mark.parametrize("value", ["array", "scalar", "in a checkpoint"])
def test_arrays_of_numbers_are_clean(value: str) -> None:
    import pickle

    made = {"array": np.arange(6.0).reshape(2, 3), "scalar": np.float64(2), "in a checkpoint": {"a": np.ones(3)}}[value]
    for protocol in (2, 4, 5):
        assert told("a.pkl", pickle.dumps(made, protocol))["verdict"] == "clean"
    assert told("a.pt", saved(made))["verdict"] == "clean"


def test_npy_and_npz() -> None:
    one, many, packed = io.BytesIO(), io.BytesIO(), io.BytesIO()
    record = np.zeros(3, dtype=[("a", "<f4", (2, 2)), ("b", "U5")])
    np.save(one, record)
    np.savez(many, a=np.ones(3), b=np.arange(4))
    np.savez_compressed(packed, a=np.random.default_rng(0).normal(size=(30, 30)))
    assert told("a.npy", one.getvalue())["verdict"] == "clean"
    for archive in (many, packed):
        report = told("a.npz", archive.getvalue())
        assert report["verdict"] == "clean", report


def test_arrays_of_objects_are_denied() -> None:
    one, many = io.BytesIO(), io.BytesIO()
    np.save(one, np.array([{}, 1], dtype=object), allow_pickle=True)
    np.savez(many, fine=np.ones(2), bad=np.array([None], dtype=object))
    assert told("a.npy", one.getvalue())["verdict"] == "unsupported"
    assert told("a.npz", many.getvalue())["verdict"] == "unsupported"


def rewritten(data: bytes, change: Any) -> bytes:
    """The checkpoint with its members as `change` makes them from name and bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name, content in change({name: old.read(name) for name in old.namelist()}).items():
            new.writestr(name, content)
    return file.getvalue()


def _root(members: dict[str, bytes]) -> str:
    return next(iter(members)).split("/")[0]


CHANGES = {
    "payload": lambda m: {**m, f"{_root(m)}/data.pkl": protocol_2("os", "system")},
    "second pickle": lambda m: {**m, f"{_root(m)}/data.pkl": m[f"{_root(m)}/data.pkl"] + protocol_2("os", "system")},
    "another file": lambda m: {**m, f"{_root(m)}/other.pkl": protocol_2("os", "system")},
    "another folder": lambda m: {**m, "x/data.pkl": protocol_2("os", "system")},
    "missing tensor": lambda m: {name: data for name, data in m.items() if "/data/" not in name},
    "code": lambda m: {**m, f"{_root(m)}/code/model.py": b"print(1)"},
    "pickle as a tensor": lambda m: {**m, f"{_root(m)}/data/99": protocol_2("os", "system")},
}


@pytest.mark.parametrize("name", CHANGES)
def test_checkpoints_with_something_more_are_denied(name: str) -> None:
    good = saved({"weight": torch.ones(3)})
    assert told("a.pt", rewritten(good, dict))["verdict"] == "clean"
    assert told("a.pt", rewritten(good, CHANGES[name]))["verdict"] != "clean"


@pytest.mark.filterwarnings("ignore")
def test_old_checkpoints_with_something_more_are_denied() -> None:
    good = saved({"weight": torch.ones(3)}, as_zip=False)
    assert told("a.pth", good + b"N.")["verdict"] != "clean"
    assert told("a.pth", good[:-1])["verdict"] != "clean"
    assert told("a.pth", good.replace(b"collections\nOrderedDict", b"os\nsystem", 1) + b"N.")["verdict"] != "clean"
    # The one that a well-known scanner misses: it reads one pickle after the magic number.
    begin = good.index(b".", 15) + 1
    assert told("a.pth", good[:begin] + protocol_2("os", "system"))["verdict"] == "malicious"
