"""The words that a newcomer meets on this site, explained."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """`article` goes before the name in a question ("What is a checkpoint?"); `short` stands alone on hover."""

    name: str
    article: str
    short: str
    more: str = ""
    related: tuple[str, ...] = ()

    @property
    def anchor(self) -> str:
        return self.name.lower().replace(" ", "-")

    @property
    def url(self) -> str:
        return f"/glossary#{self.anchor}"

    @property
    def asked(self) -> str:
        return f"{self.article} {self.name}".strip()


MODELS = (
    Entry(
        "pre-trained model",
        "a",
        "A model whose numbers were already learned from data, so that you start from them instead of from nothing.",
        "Training a large model costs weeks and a fortune; using one that exists, or adapting it, takes minutes to "
        "hours. What it learned, it brings along: skills and mistakes alike.",
        ("fine-tuning", "checkpoint", "transfer learning"),
    ),
    Entry(
        "checkpoint",
        "a",
        "The state of a model at one moment of its training, saved as files.",
        "Whoever has the checkpoint can use the model, or train on from there.",
        ("parameters", "safetensors", "revision"),
    ),
    Entry(
        "parameters",
        "",
        "The numbers inside a model that training sets; how many there are is the usual measure of its size.",
        "7 B means seven thousand million. More parameters need more memory and time; they do not promise better "
        "answers.",
        ("dtype", "quantisation"),
    ),
    Entry(
        "weights",
        "",
        "The parameters of a model as they are stored in its files.",
        "",
        ("parameters", "safetensors"),
    ),
    Entry(
        "tensor",
        "a",
        "A block of numbers with a shape, such as 768 × 768; a model's weights are a list of named tensors.",
        "",
        ("parameters", "dtype"),
    ),
    Entry(
        "dtype",
        "a",
        "How each number is stored: F32 takes four bytes, F16 and BF16 two, I8 one.",
        "Fewer bytes a number mean a smaller file and less memory, at the price of precision.",
        ("quantisation", "parameters"),
    ),
    Entry(
        "tokenizer",
        "a",
        "The part that cuts text into the pieces that a model knows, and puts its answers back together.",
        "It belongs to its model: with another one the same text becomes other numbers and the answers nonsense.",
        ("context length",),
    ),
    Entry(
        "context length",
        "",
        "How many tokens a model takes into account at once; longer text is cut off.",
        "",
        ("tokenizer",),
    ),
    Entry(
        "embedding",
        "an",
        "A list of numbers that stands for a text, a picture or a sound, so that what is alike lies close together.",
        "Searching, grouping and finding duplicates compare embeddings instead of words.",
        ("task",),
    ),
    Entry(
        "task",
        "a",
        "What a model does: classify pictures, translate, answer questions, and so on.",
        "It decides which data you feed it and what comes back. A model that does one task well may be useless "
        "for another.",
        ("modality", "benchmark"),
    ),
    Entry(
        "modality",
        "a",
        "The kind of data that a model takes: text, images, audio, video, tables, or several of them.",
        "",
        ("task",),
    ),
    Entry(
        "library",
        "a",
        "The program code that loads a model's files and runs it, such as transformers or scikit-learn.",
        "The page of a model shows the lines to type for its library.",
        ("pull",),
    ),
    Entry(
        "inference",
        "",
        "Using a model: giving it an input and reading its answer. It learns nothing by that.",
        "",
        ("parameters",),
    ),
)
TRAINING = (
    Entry(
        "transfer learning",
        "",
        "Using what a model learned on one problem as the start for another.",
        "A network that has seen millions of photographs already knows edges, textures and shapes; a few hundred "
        "pictures of your own may then be enough. It works the better, the more alike the two problems are.",
        ("fine-tuning", "domain mismatch"),
    ),
    Entry(
        "fine-tuning",
        "",
        "Training a pre-trained model a little further on your own data, so that it fits your problem.",
        "The result depends on its base model: its licence, its training data and its biases carry over.",
        ("base model", "LoRA adapter", "transfer learning"),
    ),
    Entry(
        "base model",
        "a",
        "The model that another one was made from.",
        "Follow it back on the lineage page to see where a model's licence and habits come from.",
        ("lineage", "fine-tuning"),
    ),
    Entry(
        "LoRA adapter",
        "a",
        "A small file of changes to a base model, trained in place of the whole model.",
        "It is often a hundredth of the base's size and cannot be used without it.",
        ("fine-tuning", "base model"),
    ),
    Entry(
        "merge",
        "a",
        "A model made by combining the numbers of several others, without training.",
        "It inherits the obligations of each of them.",
        ("base model", "lineage"),
    ),
    Entry(
        "quantisation",
        "",
        "Storing a model's numbers with fewer bits, so that it is smaller and runs on smaller machines.",
        "Answers get slightly worse, sometimes much worse: look for a result measured on the quantised model itself.",
        ("dtype", "GGUF"),
    ),
    Entry(
        "domain mismatch",
        "",
        "The data that a model meets in use differ from those that it was trained on, so it fails where it seemed "
        "good.",
        "A detector trained on studio photographs meets phone pictures at night; a classifier of film reviews meets "
        "medical notes. Test on your own data before you rely on any published figure.",
        ("training data", "evaluation"),
    ),
    Entry(
        "training data",
        "",
        "What a model learned from.",
        "They decide what it can do, whom it treats unfairly and whether it may be used at all. When a card does not "
        "name them, that is a fact worth knowing too.",
        ("data set", "provenance", "bias"),
    ),
    Entry(
        "overfitting",
        "",
        "A model has learned its examples by heart: fine on those, poor on anything new.",
        "",
        ("evaluation", "domain mismatch"),
    ),
)
MEASURING = (
    Entry(
        "data set",
        "a",
        "A collection of examples, kept here with its own card, files and history.",
        "",
        ("training data", "benchmark"),
    ),
    Entry(
        "evaluation",
        "an",
        "Measuring how well a model does on data that it has not seen.",
        "Results that somebody reported and results that this hub measured are marked differently.",
        ("benchmark", "domain mismatch"),
    ),
    Entry(
        "benchmark",
        "a",
        "A data set and a way of counting on which many models are measured, so that their results can be compared.",
        "Written here as data set/metric, such as imdb/accuracy. A good rank on a benchmark is no promise for "
        "your data.",
        ("evaluation", "metric"),
    ),
    Entry(
        "metric",
        "a",
        "The figure that an evaluation ends in: accuracy, F1, word error rate, perplexity.",
        "For some more is better, for others (errors, perplexity) less.",
        ("benchmark",),
    ),
    Entry(
        "bias",
        "",
        "A model treats some people or cases systematically worse, or repeats a prejudice of its data.",
        "Every model has some. What is known stands on its page with its severity and its source; "
        "“none stated” does not mean that there is none.",
        ("training data", "model card"),
    ),
    Entry(
        "severity",
        "a",
        "How much harm a known bias can do: low, medium, high or critical.",
        "",
        ("bias",),
    ),
)
RULES = (
    Entry(
        "model card",
        "a",
        "The page that describes a model: what it is for, what it was trained on, where it fails.",
        "It is the README.md of the repository; a block of facts at its top feeds the filters and the evidence.",
        ("training data", "bias", "provenance"),
    ),
    Entry(
        "licence",
        "a",
        "The conditions under which somebody may use, change and pass on a model or a data set.",
        "No licence stated means no permission given, however public the files are.",
        ("licence class",),
    ),
    Entry(
        "licence class",
        "a",
        "Licences sorted by what they ask: permissive, copyleft, non-commercial, restricted or unknown.",
        "Permissive: use it as you like, name the author. Copyleft: pass your changes on under the same licence. "
        "Non-commercial: not for business. Restricted: conditions of its own on who or what for. Unknown: none stated, "
        "or one that this hub does not know. It is a first sorting, not legal advice.",
        ("licence",),
    ),
    Entry(
        "gated",
        "",
        "Everyone sees the page; the files are given to those who asked and were let in.",
        "Sign in, open the page and ask. Pulling by program then needs your access token.",
        ("access token",),
    ),
    Entry(
        "review",
        "a",
        "People of this hub looked at licence, training data and biases and decided what a model may be used for.",
        "A review holds for one revision. What changes afterwards has to be looked at again.",
        ("revision", "provenance"),
    ),
    Entry(
        "provenance",
        "",
        "Where something comes from, by which steps, and how one knows.",
        "",
        ("lineage", "digest"),
    ),
    Entry(
        "lineage",
        "a",
        "What a model was made from and what was made from it, step by step.",
        "",
        ("base model", "provenance"),
    ),
)
FILES = (
    Entry(
        "repository",
        "a",
        "The home of one model or data set: a name, its files, and every version that they had.",
        "",
        ("revision",),
    ),
    Entry(
        "revision",
        "a",
        "A version of a repository: a branch such as main, a tag such as v1.0, or the id of one commit.",
        "Branches move on; a commit never changes. Name a commit when a result has to be repeatable.",
        ("commit", "digest"),
    ),
    Entry(
        "commit",
        "a",
        "One saved change of a repository, with its author, time and message, found for ever by its id.",
        "",
        ("revision",),
    ),
    Entry(
        "digest",
        "a",
        "A short fingerprint of a file: change one bit and it is another (here a sha256).",
        "Every pull compares it, so what arrives is what was published.",
        ("pull", "provenance"),
    ),
    Entry(
        "pull",
        "a",
        "Bringing a repository's files to your machine, each checked against its digest.",
        "",
        ("digest", "access token"),
    ),
    Entry(
        "access token",
        "an",
        "A secret that lets a program act for you; made in your settings, shown once, revoked at any time.",
        "",
        ("gated", "pull"),
    ),
    Entry(
        "safetensors",
        "",
        "A file format for weights that holds numbers and nothing that runs, so that loading it is safe.",
        "Older formats (pickle, .bin, .pt) can carry code that runs on your machine when you load them.",
        ("weights", "GGUF"),
    ),
    Entry(
        "GGUF",
        "",
        "A file format for weights, often quantised, that programs such as llama.cpp run on ordinary computers.",
        "",
        ("quantisation", "safetensors"),
    ),
    Entry(
        "ONNX",
        "",
        "A file format that holds a model's weights together with its computation, for many runtimes.",
        "",
        ("safetensors", "inference"),
    ),
)
