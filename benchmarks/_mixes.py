"""What realistic catalogs are made of: how often each task, licence, library and language stands on a public hub's
cards, roughly, and words for names and cards that are as uneven as real ones."""

from dataclasses import dataclass

import numpy as np

from hub.catalog.vocabularies import languages, licences, tasks

# Shares in per cent; "" is a card that names none. What a vocabulary has beside these shares one per cent.
TASKS = {
    "": 27, "text-generation": 24, "text-classification": 8, "text-to-image": 6, "reinforcement-learning": 5,
    "feature-extraction": 4, "token-classification": 3, "automatic-speech-recognition": 3, "image-classification": 3,
    "sentence-similarity": 2, "fill-mask": 2, "question-answering": 2, "image-text-to-text": 2, "translation": 1.5,
    "summarization": 1.5, "text-to-speech": 1, "object-detection": 1, "robotics": 1, "image-to-image": 1,
}  # fmt: skip
LICENCES = {
    "": 30, "apache-2.0": 29, "mit": 13, "other": 5, "openrail": 3, "creativeml-openrail-m": 3, "cc-by-nc-4.0": 3,
    "llama3": 2, "llama3.1": 2, "llama2": 1.5, "gemma": 2, "cc-by-4.0": 1.5, "cc-by-nc-sa-4.0": 1, "afl-3.0": 1,
    "cc-by-sa-4.0": 0.7, "gpl-3.0": 0.7, "llama3.2": 0.6,
}  # fmt: skip
LIBRARIES = {
    "": 22, "transformers": 46, "diffusers": 8, "peft": 7, "stable-baselines3": 3, "sentence-transformers": 2,
    "gguf": 3, "mlx": 1.5, "ml-agents": 1, "keras": 1, "timm": 1, "adapter-transformers": 0.5, "setfit": 0.5,
    "sample-factory": 0.5, "lerobot": 1, "onnx": 0.4, "spacy": 0.4, "nemo": 0.4, "fastai": 0.3, "sklearn": 0.3,
    "speechbrain": 0.3, "pytorch": 0.3, "flair": 0.2, "open_clip": 0.2,
}  # fmt: skip
LANGUAGES = {
    "": 55, "en": 28, "zh": 3, "fr": 1.5, "de": 1.4, "es": 1.4, "ja": 1.2, "ru": 1, "ko": 1, "pt": 0.9, "it": 0.8,
    "ar": 0.7, "hi": 0.5, "nl": 0.4, "pl": 0.4, "tr": 0.4, "vi": 0.3, "sv": 0.2, "fi": 0.2,
}  # fmt: skip
REVIEWS = {"unreviewed": 90, "approved": 6, "conditional": 2, "in-review": 1, "rejected": 1}
SEVERITIES = {"": 92, "low": 3, "medium": 3, "high": 1.5, "critical": 0.5}
RELATIONS = {"finetune": 55, "quantized": 22, "adapter": 17, "merge": 6}
FORMATS = {"": 30, "safetensors": 58, "gguf": 9, "onnx": 3}
_DATASETS = """
squad glue imagenet-1k common_voice wikitext c4 imdb mnli sst2 conll2003 coco librispeech cnn_dailymail xsum gsm8k
mmlu alpaca ultrachat_200k openhermes-2.5 slimorca oasst1 dolly-15k the_pile redpajama laion-400m mnist cifar10
food101 ag_news yelp_review_full emotion rotten_tomatoes natural_questions ms_marco quora fleurs voxpopuli humaneval
"""
DATASETS = _DATASETS.split()
METRICS = ("accuracy", "f1", "exact_match", "wer", "bleu", "rouge1", "mean_reward", "perplexity")
_FAMILIES = """
llama qwen bert mistral gemma distilbert roberta phi stable-diffusion t5 whisper gpt2 deepseek vit wav2vec2
xlm-roberta deberta electra mixtral falcon flan-t5 bart clip resnet yolo flux sdxl minilm mpnet bge e5 starcoder
codellama opt bloom pythia mamba swin convnext segformer detr ppo-lunarlander sac-reach albert longformer marian
"""
FAMILIES = _FAMILIES.split()
_VARIANTS = """
base large small instruct chat tiny v2 v3 multilingual uncased cased preview distilled turbo mini
"""
VARIANTS = _VARIANTS.split()
_USES = """
finetuned lora gguf awq gptq merged dpo sft ft classifier ner sentiment qa summarizer embedding reward
"""
USES = _USES.split()


@dataclass(frozen=True)
class Mix:
    """Values and how their shares add up."""

    values: np.ndarray
    summed: np.ndarray

    def pick(self, generator: np.random.Generator, size: int | tuple[int, ...]) -> np.ndarray:
        return self.values[np.searchsorted(self.summed, generator.random(size), side="right")]


def shares(of: dict[str, float], others: tuple[str, ...] = ()) -> Mix:
    rest = [value for value in others if value not in of]
    return _mix([*of, *rest], [*of.values(), *[1 / len(rest) for _ in rest]])


def zipf(values: list[str] | range, exponent: float) -> Mix:
    """The first is the most frequent."""
    return _mix(values, np.arange(1, len(values) + 1, dtype=float) ** -exponent)


def _mix(values: list[str] | range, weights: list[float] | np.ndarray) -> Mix:
    summed = np.cumsum(np.asarray(weights, dtype=float))
    kept = np.asarray(values) if isinstance(values, range) else np.asarray(values, dtype=object)
    return Mix(kept, summed / summed[-1])


TASK_MIX = shares(TASKS, tuple(tasks()))
LICENCE_MIX = shares(LICENCES, tuple(licences()))
LIBRARY_MIX = shares(LIBRARIES)
LANGUAGE_MIX = shares(LANGUAGES, tuple(languages()))
REVIEW_MIX = shares(REVIEWS)
SEVERITY_MIX = shares(SEVERITIES)
RELATION_MIX = shares(RELATIONS)
FORMAT_MIX = shares(FORMATS)
DATASET_MIX = zipf(DATASETS, 0.9)
FAMILY_MIX = zipf(FAMILIES, 0.8)
