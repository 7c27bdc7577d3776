"""What the wire tells of a model's configuration: only what its files say."""

from typing import Any

from hub.catalog.selectors import CONFIG_FILES

_CONFIG, _TOKENIZER, _PIPELINE, _ADAPTER = CONFIG_FILES
_TOLD = ("architectures", "model_type", "auto_map", "quantization_config")
_TOKENS = ("bos_token", "eos_token", "unk_token", "pad_token", "mask_token", "chat_template")
# The end of a class's name, and what opens it. A class that several could open is not told.
_OPENED_BY = {
    "ForCausalLM": "AutoModelForCausalLM",
    "LMHeadModel": "AutoModelForCausalLM",
    "ForMaskedLM": "AutoModelForMaskedLM",
    "ForTokenClassification": "AutoModelForTokenClassification",
    "ForQuestionAnswering": "AutoModelForQuestionAnswering",
    "ForMultipleChoice": "AutoModelForMultipleChoice",
    "ForImageClassification": "AutoModelForImageClassification",
    "ForObjectDetection": "AutoModelForObjectDetection",
    "ForSemanticSegmentation": "AutoModelForSemanticSegmentation",
    "ForDepthEstimation": "AutoModelForDepthEstimation",
    "ForVideoClassification": "AutoModelForVideoClassification",
    "ForCTC": "AutoModelForCTC",
    "Model": "AutoModel",
}
Files = dict[str, dict[str, Any]]


def brief_config(files: Files) -> dict[str, Any] | None:
    """`config` of a list or an info object; None where no file says anything of the kind."""
    config = {name: value for name in _TOLD if (value := files.get(_CONFIG, {}).get(name))}
    tokens = {name: text for name in _TOKENS if (text := _token(files.get(_TOKENIZER, {}).get(name)))}
    if tokens:
        config["tokenizer_config"] = tokens
    if name := files.get(_PIPELINE, {}).get("_class_name"):
        config["diffusers"] = {"_class_name": name}
    adapter = files.get(_ADAPTER, {})
    peft = {name: value for name in ("base_model_name_or_path", "task_type") if (value := adapter.get(name))}
    return (config | ({"peft": peft} if peft else {})) or None


def mask_token(files: Files) -> str | None:
    return _token(files.get(_TOKENIZER, {}).get("mask_token"))


def transformers_info(card: Any, files: Files) -> dict[str, str] | None:
    """What opens the model in transformers: what `auto_map` names, else what the architecture's name leaves no doubt
    of."""
    if card.library_name not in ("transformers", ""):
        return None
    config = files.get(_CONFIG, {})
    told = _custom(config.get("auto_map")) or _usual(config.get("architectures"))
    return told | ({"pipeline_tag": card.pipeline_tag} if card.pipeline_tag else {}) if told else None


def _custom(auto_map: Any) -> dict[str, str] | None:
    """The most special of the classes that the model's own code brings."""
    own = auto_map if isinstance(auto_map, dict) else {}
    names = sorted((name for name in own if str(name).startswith("AutoModel")), key=len, reverse=True)
    return {"auto_model": names[0], "custom_class": str(own[names[0]])} if names else None


def _usual(architectures: Any) -> dict[str, str] | None:
    name = architectures[0] if isinstance(architectures, list) and architectures else None
    opened_by = next((auto for end, auto in _OPENED_BY.items() if isinstance(name, str) and name.endswith(end)), None)
    return {"auto_model": opened_by} if opened_by else None


def _token(value: Any) -> str | None:
    """A token is written as a text, or as an object with the text in `content`."""
    text = value.get("content") if isinstance(value, dict) else value
    return text if isinstance(text, str) and text else None
