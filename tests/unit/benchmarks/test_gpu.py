"""The benchmark for GPUs runs, on a processor and a tiny model; what it measures there means nothing."""

import pytest
import torch

from benchmarks import gpu

# peft asks transformers by a name that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")


def test_both_contenders_train_and_are_timed():
    torch.set_num_threads(1)
    rates = gpu.measured(gpu.TINY)
    assert {name: len(found) for name, found in rates.items()} == {gpu.PLAIN: 1, gpu.HOUSE: 1}
    assert min(rate for found in rates.values() for rate in found) > 0
