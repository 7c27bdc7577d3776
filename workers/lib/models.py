"""Loading models of transformers from a folder: offline, safetensors only, no code of its own unless approved."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workers.contract import Code
from workers.lib.session import Session, Trouble


def tune(auto: Any, session: Session, **more: Any) -> Any:
    """A model of the base for training, in float32: its weights, or random ones of its shape where the job asks so.

    `auto`: a class such as AutoModelForSequenceClassification; `more`: what changes in the config (num_labels …).
    A head of another size is made anew.
    """
    import torch
    from transformers import AutoConfig

    folder = base(session)
    with told(folder):
        if session.from_scratch:
            config = AutoConfig.from_pretrained(folder, **_always(session, folder), **more)
            return auto.from_config(config, trust_remote_code=_trusted(session, folder)).to(torch.float32)
        return auto.from_pretrained(
            folder,
            use_safetensors=True,
            ignore_mismatched_sizes=True,
            dtype=torch.float32,
            **_always(session, folder),
            **more,
        )


def load(auto: Any, session: Session, folder: Path, **more: Any) -> Any:
    """A model folder for predicting, on the session's device and in eval mode."""
    import torch

    with told(folder):
        model = auto.from_pretrained(
            folder, use_safetensors=True, dtype=torch.float32, **_always(session, folder), **more
        )
    return model.to(session.device).eval()


def processor(auto: Any, session: Session, folder: Path, **more: Any) -> Any:
    """A tokenizer, an image processor, a feature extractor: whatever `auto` makes."""
    with told(folder):
        return auto.from_pretrained(folder, **_always(session, folder), **more)


def base(session: Session) -> Path:
    if session.base is None:
        raise Trouble(Code.BAD_SPEC, "This recipe starts from a model.", "Name a base model.", "base")
    return session.base


def _always(session: Session, folder: Path) -> dict[str, Any]:
    return {"local_files_only": True, "trust_remote_code": _trusted(session, folder)}


def _trusted(session: Session, folder: Path) -> bool:
    """Whether the code in this folder is the base's, approved by a reviewer: in its own files, or in what the job made
    of them. Another model of the same job has no part in that."""
    source = session.spec.base
    return (
        source is not None
        and source.trust_code
        and (folder == session.base or folder.resolve().is_relative_to(session.folder.resolve()))
    )


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """What transformers raises, as what a person can do about it."""
    try:
        yield
    except Trouble:
        raise
    except (OSError, ValueError, ImportError, KeyError) as error:
        raise _trouble(folder, str(error)) from error


def _trouble(folder: Path, said: str) -> Trouble:
    line = " ".join(said.split())[:300]
    if "trust_remote_code" in said:
        return Trouble(Code.REMOTE_CODE_REQUIRED, "The model needs code of its repository, which isn't approved.",
                       "Take another model, or have a reviewer approve these files.", "base")  # fmt: skip
    if not any(folder.rglob("*.safetensors")):
        return Trouble(Code.UNSAFE_WEIGHTS, "The model has no weights as safetensors.",
                       "Convert it to safetensors first, or choose another base.", "base")  # fmt: skip
    return Trouble(Code.MODEL_NOT_SUPPORTED, f"The model can't be loaded for this recipe: {line}",
                   "Choose a base model that serves this task.", "base")  # fmt: skip
