"""Write a model in memory into a folder, as safetensors."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sdk._errors import InvalidInputError

WEIGHTS = "model.safetensors"


def save_model(model: Any, folder: Path) -> None:
    """By its own `save_pretrained` if it has one; else its tensors."""
    if hasattr(model, "save_pretrained"):
        model.save_pretrained(str(folder))
    elif isinstance(model, Mapping):
        _save_tensors(model, folder / WEIGHTS)
    elif hasattr(model, "state_dict"):
        from safetensors.torch import save_model as save_module

        save_module(model, str(folder / WEIGHTS), metadata={"format": "pt"})
    else:
        raise InvalidInputError(
            f"A {type(model).__name__} can't be pushed. Push a folder, a file, a model with save_pretrained, a torch"
            " module or a dict of tensors."
        )


def _save_tensors(tensors: Mapping[str, Any], path: Path) -> None:
    torch, numpy = sys.modules.get("torch"), sys.modules.get("numpy")
    if torch and tensors and all(isinstance(one, torch.Tensor) for one in tensors.values()):
        from safetensors.torch import save_file

        plain = {name: one.detach().cpu().contiguous() for name, one in tensors.items()}
        save_file(plain, str(path), metadata={"format": "pt"})
    elif numpy and tensors and all(isinstance(one, numpy.ndarray) for one in tensors.values()):
        from safetensors.numpy import save_file as save_arrays

        save_arrays({name: numpy.ascontiguousarray(one) for name, one in tensors.items()}, str(path))
    else:
        raise InvalidInputError("A dict can be pushed only if all its values are torch tensors, or all numpy arrays.")
