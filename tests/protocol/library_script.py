"""transformers, sentence-transformers and datasets, as their users call them, against the hub in the environment."""

import tempfile
from pathlib import Path

import datasets
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.models import Pooling, Transformer
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel, BertTokenizerFast

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "hub", "for", "models", "##s"]


def tiny_bert(folder):
    vocabulary = Path(folder, "vocab.txt")
    vocabulary.write_text("\n".join(WORDS))
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    torch.manual_seed(0)
    return BertModel(config).eval(), BertTokenizerFast(str(vocabulary))


def same_weights(one, other):
    theirs = other.state_dict()
    return all(torch.equal(value, theirs[name]) for name, value in one.state_dict().items())


def try_transformers(folder):
    model, tokenizer = tiny_bert(folder)
    model.push_to_hub("ada/tiny-bert")
    tokenizer.push_to_hub("ada/tiny-bert")
    pulled = AutoModel.from_pretrained("ada/tiny-bert")
    assert same_weights(model, pulled)
    assert AutoTokenizer.from_pretrained("ada/tiny-bert").tokenize("a hub for models") == ["a", "hub", "for", "models"]


def try_sentence_transformers():
    words = Transformer("ada/tiny-bert")
    encoder = SentenceTransformer(modules=[words, Pooling(16)], device="cpu")
    encoder.push_to_hub("ada/tiny-encoder", exist_ok=True)
    pulled = SentenceTransformer("ada/tiny-encoder", device="cpu")
    assert (encoder.encode(["a hub"]) == pulled.encode(["a hub"])).all()


def try_datasets():
    made = datasets.Dataset.from_dict({"text": [f"line {number}" for number in range(2000)], "label": [0, 1] * 1000})
    made.push_to_hub("ada/lines", split="train")
    made.select(range(10)).push_to_hub("ada/lines", split="test")
    pulled = datasets.load_dataset("ada/lines")
    assert pulled["train"].to_dict() == made.to_dict() and len(pulled["test"]) == 10
    streamed = datasets.load_dataset("ada/lines", split="train", streaming=True)
    assert [row["text"] for row in streamed.take(3)] == ["line 0", "line 1", "line 2"]
    try:
        datasets.load_dataset("ada/nothing-here")
    except datasets.exceptions.DatasetNotFoundError:
        return
    raise AssertionError("a missing data set was found")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        try_transformers(folder)
    try_sentence_transformers()
    try_datasets()
    print("done")
