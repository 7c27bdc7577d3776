"""Figures worked out by hand, from the formulas in the docstring of the module."""

from hub.catalog.weights.header import Tensor
from hub.catalog.weights.memory import gpus, lora_parameters, needs, running, smallest_class
from hub.catalog.weights.shape import Shape, shape_from, shape_of_config, shape_of_gguf

SMOL = Shape(30, 576, 9, 3, 64, 49_152, 8_192, True)


def test_to_run_a_decoder() -> None:
    need = running(96_576_768, SMOL)
    assert [(term.key, term.size) for term in need.terms] == [
        ("weights", 96_576_768),
        ("pass", 19_315_353),
        ("cache", 2 * 30 * 3 * 64 * 4096 * 2),
    ]
    assert need.size == 96_576_768 + 19_315_353 + 94_371_840


def test_a_short_context_caps_what_is_kept() -> None:
    assert running(0, Shape(2, 8, 2, 2, 4, 0, 10, True)).size == 2 * 2 * 2 * 4 * 10 * 2


def test_all_needs_of_a_small_encoder() -> None:
    shape = Shape(layers=2, hidden=4, heads=2, key_heads=2, head_size=2, vocabulary=0, context=16, is_decoder=False)
    found = {need.task: need for need in needs(parameters=1_000, stored=4_000, lora=100, shape=shape)}
    flowing = 2 * 16 * 8 * (34 * 4 + 5 * 2 * 16)
    assert found["load"].size == 4_000 and found["run"].size == 4_800
    assert found["lora"].size == (2_000 + 1_600 + flowing) * 11 // 10
    assert found["full"].size == (16_000 + flowing) * 11 // 10


def test_words_are_scored_where_text_is_written() -> None:
    *_, full = needs(parameters=0, stored=0, lora=0, shape=SMOL)
    assert {term.key: term.size for term in full.terms}["scores"] == 512 * 8 * 49_152 * 6


def test_without_a_shape_what_flows_is_left_out() -> None:
    found = needs(parameters=10, stored=40, lora=0, shape=None)
    assert [(need.task, need.size) for need in found] == [("load", 40), ("run", 48), ("full", 176)]


def test_lora_trains_rows_and_columns_of_matrices() -> None:
    shapes = {
        "q": (576, 576),
        "v": (192, 576),
        "embed": (9_999, 9),
        "norm": (576,),
        "conv": (3, 3, 3, 3),
        "one": (1, 9),
    }
    tensors = [Tensor(name, "F32", shape) for name, shape in shapes.items()]
    # As measured with peft at rank 8 on q and v of one of SmolLM2's 30 layers: 460,800 / 30.
    assert lora_parameters(tensors) == 15_360


def test_where_it_fits() -> None:
    assert [gpu.gigabytes for gpu in gpus()][:-1] == sorted(gpu.gigabytes for gpu in gpus()[:-1])
    room = 4 * 950_000_000 - 1_610_612_736
    assert smallest_class(room) == 4 and smallest_class(room + 1) == 6
    assert smallest_class(10**12) is None


def test_shapes_of_configurations() -> None:
    bert = {"num_hidden_layers": 6, "hidden_size": 384, "num_attention_heads": 12, "vocab_size": 30_522}
    assert shape_of_config({**bert, "architectures": ["BertModel"]}) == Shape(6, 384, 12, 12, 32, 0, 0, False)
    assert shape_of_config({**bert, "architectures": ["BertForMaskedLM"]}).vocabulary == 30_522
    wrapped = {"architectures": ["XForConditionalGeneration"], "text_config": {**bert, "num_key_value_heads": 4}}
    assert shape_of_config(wrapped) == Shape(6, 384, 12, 4, 32, 30_522, 0, True)
    assert shape_of_config({**bert, "image_size": 224, "patch_size": 16}).context == 197
    assert shape_from(SMOL.as_dict()) == SMOL and shape_from({"layers": 1}) is None


def test_configurations_that_say_nothing() -> None:
    hostile = {"num_hidden_layers": True, "hidden_size": 1e9, "num_attention_heads": [3], "architectures": {"a": 1}}
    for config in ({}, [], None, "x", hostile, {"num_hidden_layers": 10**30, "hidden_size": 8, "n_head": -1}):
        assert shape_of_config(config) is None


def test_shape_of_gguf() -> None:
    told = {"general.architecture": "llama", "llama.block_count": "30", "llama.embedding_length": "576"}
    told |= {"llama.attention.head_count": "9", "llama.attention.head_count_kv": "3", "llama.vocab_size": "49152"}
    assert shape_of_gguf(told | {"llama.context_length": "8192"}) == SMOL
    assert shape_of_gguf({"general.architecture": "llama", "llama.block_count": "²"}) is None
