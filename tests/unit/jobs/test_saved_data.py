"""A data set that `datasets.save_to_disk` left, from the check of an order to the rows that its job reads."""

import datasets
import pytest

from hub.jobs.order_reading import read_order
from hub.jobs.services import orders
from tests.factories import viewer_of
from tests.factories.orders import RECIPE, finetune_of, make_base, make_data, make_offers
from workers.contract import JobSpec
from workers.lib.folder import Work
from workers.runner import sessions

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def saved(tmp_path):
    """Two splits with named classes, as the library writes them."""
    named = datasets.Features({"review": datasets.Value("string"), "label": datasets.ClassLabel(names=["no", "yes"])})
    for split, count in (("train", 12), ("test", 4)):
        rows = {"review": [f"{split} {each}" for each in range(count)], "label": [each % 2 for each in range(count)]}
        datasets.Dataset.from_dict(rows, features=named).save_to_disk(tmp_path / "saved" / split)
    (tmp_path / "saved/dataset_dict.json").write_text('{"splits": ["train", "test"]}')
    return tmp_path / "saved"


def test_an_order_reads_what_the_library_saved(user, saved):
    make_offers()
    files = {path.relative_to(saved).as_posix(): path.read_bytes() for path in saved.rglob("*") if path.is_file()}
    base, data = make_base(user), make_data(user, files=files)
    parts = [{"repo": data.full_name, "split": split, "role": split} for split in ("train", "test")]
    order = read_order({**finetune_of(base, data, out="tuned"), "dataset": None, "datasets": parts})
    picture = orders.check(viewer_of(user), order)
    assert picture.faults == ()
    assert [(each.shown.total, each.mapped.rows[1]) for each in picture.data] == [
        (12, {"text": "train 1", "label": 1}),
        (4, {"text": "test 1", "label": 1}),
    ]
    job = orders.order(by=viewer_of(user), order=order)
    work = Work(JobSpec.from_json({"id": "job_1", **job.spec}), datasets=(str(saved),) * 2)
    read = sessions.tables(work, RECIPE.columns)
    assert {role: (len(table), *table.rows.iloc[1][["text", "label"]]) for role, table in read.items()} == {
        "train": (12, "train 1", 1),
        "test": (4, "test 1", 1),
    }
