"""g2p-en: spelling to sound for English words; the one sequence-to-sequence text model that a package carries."""

import json
from pathlib import Path

import numpy as np

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

WEIGHTS = "g2p_en/checkpoint20.npz"
README = "README inside g2p-en 2.1.0 (its METADATA file)"
LETTERS = ["<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz"]
VOWELS = "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW"
CONSONANTS = "B CH D DH F G HH JH K L M N NG P R S SH T TH V W Y Z ZH"

PACKAGE = Package(
    "g2p-en",
    "2.1.0",
    files={WEIGHTS: "b8af35e4596d8dd5836dfd3fe9b2ba4f97b9c311efe8879544cbcfcbd566d8c6"},
    texts={"g2p_en-2.1.0.dist-info/LICENSE.txt": "LICENSE"},
)

USAGE = """
import json

import sdk
import torch
from safetensors.torch import load_file

path = sdk.pull("g2p-en").path
weights, config = load_file(path / "model.safetensors"), json.loads((path / "config.json").read_text())
letters, phonemes = config["letters"], config["phonemes"]


def cell(part):  # a GRU cell with the weights of "enc" or "dec"
    gru = torch.nn.GRUCell(weights[f"{part}_w_ih"].shape[1], weights[f"{part}_w_hh"].shape[1])
    gru.load_state_dict({name.replace("w_", "weight_").replace("b_", "bias_"): weights[f"{part}_{name}"]
                         for name in ("w_ih", "w_hh", "b_ih", "b_hh")})
    return gru


@torch.no_grad()
def speak(word):
    encoder, decoder, state = cell("enc"), cell("dec"), None
    for letter in [*word.lower(), "</s>"]:
        row = letters.index(letter) if letter in letters else letters.index("<unk>")
        state = encoder(weights["enc_emb"][row][None], state)
    said, last = [], phonemes.index("<s>")
    while len(said) < 20:
        state = decoder(weights["dec_emb"][last][None], state)
        last = (state @ weights["fc_w"].T + weights["fc_b"]).argmax().item()
        if phonemes[last] == "</s>":
            break
        said.append(phonemes[last])
    return " ".join(said)


print(speak("activationist"))  # AE2 K T IH0 V EY1 SH AH0 N IH0 S T
"""


def build(source: Path, out: Path) -> list[Measurement]:
    from safetensors.numpy import save_file

    with np.load(source / PACKAGE.name / WEIGHTS, allow_pickle=False) as archive:
        weights = {name: np.ascontiguousarray(archive[name]) for name in archive.files}
    save_file(weights, out / "model.safetensors")
    config = {"letters": LETTERS, "phonemes": _phonemes(len(weights["dec_emb"]))}
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    return [Measurement(f"{sum(array.size for array in weights.values()):,} numbers in the checkpoint.", "counted")]


def _phonemes(count: int) -> list[str]:
    """ARPAbet in the model's order: alphabetic, each vowel with stresses 0 to 2; plain UW stands before UW0."""
    stressed = [f"{vowel}{stress}" for vowel in VOWELS.split() for stress in "012"]
    listed = ["<pad>", "<unk>", "<s>", "</s>", *sorted([*stressed, *CONSONANTS.split(), "UW"])]
    if len(listed) != count:
        raise ValueError(f"{count} phoneme rows in the checkpoint, {len(listed)} names.")
    return listed


SEED = Seed(
    name="g2p-en",
    kind="model",
    purpose="Guesses how an English word is pronounced, as ARPAbet phonemes with stress.",
    what="A GRU encoder and decoder over letters and phonemes. In its package it serves words that the CMU dictionary "
    "lacks; here only the network is served, not the dictionary.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "apache-2.0",
        package=Fact("Apache-2.0.", "LICENSE.txt and METADATA of g2p-en 2.1.0"),
        content=Fact("Apache-2.0; the weights lie in the package and no other licence is named.", "g2p-en 2.1.0"),
        data=Fact("Not stated in the package.", README),
    ),
    intended_use=(
        Fact("Turning English spelling into phonemes, which tasks such as speech synthesis need.", README),
        Fact("In its package the network guesses the words that a dictionary lacks.", README),
    ),
    training_data=(
        Fact(
            "Not stated in the package, which uses the CMU Pronouncing Dictionary for lookup; the upstream "
            "project says "
            "that the network was trained on it too.",
            f"{README}; upstream project, not checked here",
        ),
    ),
    known_biases=(
        Fact("None documented.", README),
        Fact("Only the letters a to z; at most 20 phonemes a word.", "the code of g2p-en 2.1.0"),
    ),
    evaluation=(Fact("activationist gives AE2 K T IH0 V EY1 SH AH0 N IH0 S T, as in the package's README.", MEASURED),),
    steps=("Read the .npz without pickle; write the same arrays as safetensors; put both alphabets in config.json.",),
    sources=(
        Source(
            "cmudict",
            "public",
            "text",
            "Not stated in the README inside g2p-en 2.1.0.",
            external="CMU Pronouncing Dictionary, by the upstream project; not checked here",
            stage="pretrain",
            languages=("en",),
            has_persons=False,
            pii="none",
            gaps=("Letters a to z only.",),
        ),
    ),
    use=Use(
        intended=("Turning English spelling into phonemes, for example for speech synthesis.",),
        out_of_scope=("Other languages and alphabets.",),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Names that aren't English are spoken as if they were",
            "the letters and phonemes that the code of g2p-en 2.1.0 knows",
            axis="nationality",
            value="people with names of other languages",
            against="English names",
            harm="quality_of_service",
            impact=2,
            exposure=2,
            kind="suspected",
            advice="Give names a dictionary of their own.",
        ),
    ),
    build=build,
    task="text2text-generation",
    library="pytorch",
    languages=("en",),
    tags=("grapheme-to-phoneme", "speech", "seq2seq", "tiny"),
)
