"""Messages are read as strictly as they are written down, and unknown fields pass."""

import json

import pytest

from workers import contract

HARDWARE = {"cores": 2, "memory": 1, "disk": 1}
RESULT = {"measured": [{"metric": "a", "value": None, "n": 3}], "notes": ["x"], "of a newer worker": 1}


def test_what_is_written_is_read_back():
    source = contract.Source(repo="a/b", commit="0" * 40, columns={"text": "t"})
    spec = contract.JobSpec(id="j", kind="evaluate", base=source, datasets=(source, source), suites=("x",))
    lease = contract.Lease(job=spec, token=1, seconds=60, access_token="s", checkpoint=contract.Checkpoint(1, "a", 2))
    assert contract.Lease.from_json(json.loads(json.dumps(lease.to_json()))) == lease


def test_unknown_fields_pass_and_missing_ones_take_their_default():
    read = contract.JobResult.from_json(RESULT)
    assert (read.measured[0].value, read.measured[0].n, read.notes, read.commit) == (None, 3, ("x",), "")
    assert contract.Measured.from_json({"metric": "a", "value": 1, "n": 1}).value == 1


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (contract.Hardware, []),
        (contract.Hardware, {"cores": 2}),
        (contract.Hardware, HARDWARE | {"cores": "2"}),
        (contract.Hardware, HARDWARE | {"cores": True}),
        (contract.Hardware, HARDWARE | {"gpu": None}),
        (contract.JobResult, {"measured": {}}),
        (contract.JobResult, {"measured": [3]}),
        (contract.JobResult, {"notes": [3]}),
        (contract.JobResult, {"usage": []}),
        (contract.Measured, {"metric": "a", "value": "1", "n": 1}),
    ],
)
def test_other_types_are_refused(shape, value):
    with pytest.raises(TypeError):
        shape.from_json(value)
