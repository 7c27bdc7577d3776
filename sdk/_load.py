"""Load what was pulled, by the library that its card or its files name. Safetensors only: a pickle runs code."""

import importlib
import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdk._errors import LoadError, MissingLibraryError, UnsafeFormatError

if TYPE_CHECKING:
    from sdk._models import Dataset, Model

PICKLES = (".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib")
BY_TASK = {
    "text-classification": "AutoModelForSequenceClassification",
    "token-classification": "AutoModelForTokenClassification",
    "question-answering": "AutoModelForQuestionAnswering",
    "fill-mask": "AutoModelForMaskedLM",
    "text-generation": "AutoModelForCausalLM",
    "summarization": "AutoModelForSeq2SeqLM",
    "translation": "AutoModelForSeq2SeqLM",
    "image-classification": "AutoModelForImageClassification",
    "object-detection": "AutoModelForObjectDetection",
    "image-segmentation": "AutoModelForSemanticSegmentation",
    "audio-classification": "AutoModelForAudioClassification",
    "automatic-speech-recognition": "AutoModelForSpeechSeq2Seq",
}


def load_model(model: "Model", *, device: Any, trust_remote_code: bool, options: Mapping[str, Any]) -> Any:
    """See `Model.load`."""
    weights = _weights(model)
    library = library_of(model)
    if library == "sentence-transformers":
        return _by_sentence_transformers(model, device, trust_remote_code, options)
    if library == "transformers":
        return _by_transformers(model, device, trust_remote_code, options)
    if options:
        raise LoadError(f"{model.name} is loaded as plain tensors, which takes no options such as {min(options)!r}.")
    return _tensors(model, weights, device)


def load_dataset(dataset: "Dataset", *, options: Mapping[str, Any]) -> Any:
    """See `Dataset.load`."""
    return _library("datasets", dataset.name).load_dataset(str(dataset.path), **options)


def library_of(model: "Model") -> str:
    """The library that loads it: as the card says, else as its files show."""
    named = str(model.card.metadata.get("library_name") or "").replace("_", "-")
    names = {file.path for file in model.files}
    if named in ("sentence-transformers", "transformers", "safetensors"):
        return named
    if "modules.json" in names:
        return "sentence-transformers"
    if not named and _config_of(model).get("model_type"):
        return "transformers"
    return named or "safetensors"


def _weights(model: "Model") -> list[str]:
    """The safetensors files; an error when there are only pickles, or nothing."""
    names = [file.path for file in model.files]
    found = [name for name in names if name.endswith(".safetensors")]
    if found:
        return found
    if pickles := [name for name in names if name.endswith(PICKLES)]:
        raise UnsafeFormatError(
            f"{model.name} has only weights that can run code when they are read ({pickles[0]}). Convert them to"
            f" safetensors, or read them from {model.path} yourself, if you trust who made them."
        )
    raise LoadError(
        f"{model.name} has no safetensors among the files pulled. Its card says how to use it, its files are in"
        f" {model.path}."
    )


def _by_sentence_transformers(model: "Model", device: Any, trust_remote_code: bool, options: Mapping[str, Any]) -> Any:
    library = _library("sentence_transformers", model.name)
    return library.SentenceTransformer(
        str(model.path),
        device=device,
        trust_remote_code=trust_remote_code,
        local_files_only=True,
        model_kwargs={"use_safetensors": True, **options.get("model_kwargs", {})},
        **{name: value for name, value in options.items() if name != "model_kwargs"},
    )


def _by_transformers(model: "Model", device: Any, trust_remote_code: bool, options: Mapping[str, Any]) -> Any:
    library = _library("transformers", model.name)
    config = _config_of(model)
    architecture = next(iter(config.get("architectures") or []), "")
    if hasattr(library, architecture):
        maker = getattr(library, architecture)
    else:
        if config.get("auto_map") and not trust_remote_code:
            raise UnsafeFormatError(
                f"{model.name} needs code of its own ({architecture or 'see auto_map in config.json'}). Read it in"
                f" {model.path}; if you trust it, load(trust_remote_code=True)."
            )
        maker = getattr(library, BY_TASK.get(str(model.card.metadata.get("pipeline_tag")), "AutoModel"))
        options = {**options, "trust_remote_code": trust_remote_code}
    loaded = maker.from_pretrained(str(model.path), use_safetensors=True, local_files_only=True, **options)
    return loaded if device is None else loaded.to(device)


def _tensors(model: "Model", weights: list[str], device: Any) -> dict[str, Any]:
    """All tensors by name, of all shards: torch's where torch is installed, else numpy's."""
    from safetensors import safe_open

    framework = "pt" if find_spec("torch") else "numpy"
    if framework == "numpy":
        _library("numpy", model.name)
        if device not in (None, "cpu"):
            raise MissingLibraryError(f"Tensors go to {device!r} only with torch. Run: pip install torch")
    tensors: dict[str, Any] = {}
    for name in weights:
        with safe_open(str(model.path / name), framework=framework, device=str(device or "cpu")) as file:
            for key in file.keys():  # noqa: SIM118  (not a mapping)
                if key in tensors:
                    raise LoadError(
                        f"{model.name} has {key!r} in two files. Pull one of them: pull(…, allow={name!r})."
                    )
                tensors[key] = file.get_tensor(key)
    return tensors


def _config_of(model: "Model") -> dict[str, Any]:
    try:
        found = json.loads(Path(model.path, "config.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise LoadError(
            f"{model.name}: config.json is not JSON ({error}). Ask whoever pushed it to mend it."
        ) from error
    return found if isinstance(found, dict) else {}


def _library(module: str, name: str) -> Any:
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        package = module.replace("_", "-")
        raise MissingLibraryError(
            f"{name} is loaded by {package}, which isn't here. Run: pip install {package}"
        ) from error
