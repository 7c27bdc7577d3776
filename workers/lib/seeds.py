"""One seed for all random generators of a process."""

import random


def plant(seed: int) -> None:
    """Python's, NumPy's and torch's on every device. New weights and the order of rows follow from it."""
    import numpy as np
    import torch

    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
