"""Each recipe for text learns its planted signal, and goes on from a stop bit for bit."""

import dataclasses

import pytest
from transformers import AutoModelForCausalLM, AutoTokenizer, pipeline

from tests.factories import runs
from workers.contract import Code
from workers.lib.session import Stopped, Trouble
from workers.recipes import causal_lm, recipe, seq2seq

# peft still asks transformers by the older name.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")

# The recipe, its metric on rows that it hasn't seen, and how good that must get.
LEARNT = [
    ("text-classification", "accuracy", 0.95),
    ("token-classification", "entity_f1", 0.9),
    ("causal-lm", "token_accuracy", 0.6),
    ("seq2seq", "exact_match", 0.95),
    ("sentence-embedding", "mrr", 0.8),
]
NAMES = [name for name, *_ in LEARNT]


@pytest.mark.parametrize(("name", "metric", "least"), LEARNT)
def test_a_recipe_learns_the_planted_signal(tmp_path, name, metric, least):
    session, method = runs.make_session(tmp_path, name), recipe(name)
    trained = method.finetune(session)
    found = {each.metric: each for each in method.score(method.predict(session, session.out, session.test), session)}
    assert found[metric].value >= least
    assert method.offer.metric in found
    assert all(each.low <= each.value <= each.high for each in found.values() if each.low is not None)
    assert trained.metadata["base_model_relation"] == "finetune"


@pytest.mark.parametrize("name", [*NAMES, "lora"])
def test_a_recipe_goes_on_from_a_stop_bit_for_bit(tmp_path, name):
    config = {"max_steps": 12, **({"method": "lora", "lora_rank": 4} if name == "lora" else {})}
    method = recipe("causal-lm" if name == "lora" else name)
    whole, first, second = (
        runs.make_session(tmp_path / part, method.offer.name, config=config) for part in ("whole", "first", "second")
    )
    method.finetune(runs.planted(whole))
    with pytest.raises(Stopped):
        method.finetune(runs.planted(dataclasses.replace(first, should_stop=runs.stop_after(5))))
    second = dataclasses.replace(second, resume=runs.newest(first))
    method.finetune(runs.planted(second))
    assert runs.newest(first).name == "checkpoint-5"
    assert runs.trained_weights(second) == runs.trained_weights(whole)


def test_an_adapter_is_small_and_opens_with_its_base(tmp_path):
    session = runs.make_session(tmp_path, "causal-lm", config={"method": "lora", "max_steps": 3})
    trained = recipe("causal-lm").finetune(session)
    assert trained.metadata["base_model_relation"] == "adapter"
    assert {path.name for path in session.out.glob("*.safetensors")} == {"adapter_model.safetensors"}
    assert AutoModelForCausalLM.from_pretrained(session.out, local_files_only=True).peft_config


def test_a_merged_adapter_is_a_model_of_its_own(tmp_path):
    session = runs.make_session(tmp_path, "causal-lm", config={"method": "lora", "max_steps": 3, "merge": True})
    assert recipe("causal-lm").finetune(session).metadata["library_name"] == "transformers"
    assert {path.name for path in session.out.glob("*.safetensors")} == {"model.safetensors"}


def test_of_a_chat_only_what_the_assistant_says_is_learnt(tmp_path):
    session = runs.make_session(tmp_path, "causal-lm")
    tokenizer = causal_lm._ready(AutoTokenizer.from_pretrained(session.base))
    said = [("user", "word1 word2"), ("assistant", "word3"), ("user", "word4"), ("assistant", "word5")]
    text, spans = causal_lm._chat(tokenizer, [{"role": role, "content": content} for role, content in said])
    assert [text[begin:end].strip() for begin, end in spans] == ["word3", "word5"]
    row = causal_lm._encoded(tokenizer, text, spans, 64)
    assert tokenizer.decode([each for each in row["labels"] if each != causal_lm.NONE]) == "word3 word5"


def test_a_result_opens_with_the_stock_pipeline(tmp_path):
    session = runs.make_session(tmp_path, "text-classification")
    recipe("text-classification").finetune(session)
    judge = pipeline("text-classification", model=str(session.out))
    assert judge("word1 word2 good")[0]["label"] == "yes"


def test_numbers_are_cut_in_two_where_the_order_says_so(tmp_path):
    session = runs.make_session(tmp_path, "text-classification", config={"cut": "0.5", "max_steps": 3})
    for table in (session.train, session.validation, session.test):
        table.rows["label"] = [1.5 if label == "yes" else -2.0 for label in table.rows["label"]]
    assert recipe("text-classification").finetune(session).card["Labels"] == "negative, positive"


@pytest.mark.parametrize(("labels", "metric"), [([[0], [0, 1]], "f1_micro"), ([0.5, 2.25], "rmse")])
def test_labels_may_be_several_or_a_number(tmp_path, labels, metric):
    session, method = (
        runs.make_session(tmp_path, "text-classification", config={"max_steps": 3}),
        recipe("text-classification"),
    )
    for table in (session.train, session.validation, session.test):
        table.rows["label"] = [labels[label == "yes"] for label in table.rows["label"]]
    method.finetune(session)
    found = method.score(method.predict(session, session.out, session.test), session)
    assert metric in {each.metric for each in found}


def test_labels_that_the_model_does_not_know_are_named(tmp_path):
    session, method = (
        runs.make_session(tmp_path, "text-classification", config={"max_steps": 2}),
        recipe("text-classification"),
    )
    method.finetune(session)
    session.test.rows.loc[0, "label"] = "perhaps"
    with pytest.raises(Trouble, match="Unknown labels: perhaps") as trouble:
        method.predict(session, session.out, session.test)
    assert trouble.value.code == Code.LABEL_UNKNOWN


def test_a_seldom_tag_may_stand_in_held_out_rows_only(tmp_path):
    method = recipe("token-classification")
    session = runs.make_session(tmp_path, "token-classification", config={"max_steps": 2})
    session.test.rows.at[0, "tags"] = ["B-LST", *session.test.rows.at[0, "tags"][1:]]
    method.finetune(session)
    assert "B-LST" in method.predict(session, session.out, session.test).labels


def test_the_same_from_random_weights(tmp_path):
    one, other = (
        runs.make_session(tmp_path / str(scratch), "text-classification", config={"max_steps": 1}, from_scratch=scratch)
        for scratch in (False, True)
    )
    for session in (one, other):
        recipe("text-classification").finetune(session)
    assert runs.trained_weights(one) != runs.trained_weights(other)


def test_a_translation_of_which_little_is_right_has_a_number_all_the_same():
    chrf, bleu = seq2seq._sacrebleu(["abcdefgh"] * 9 + ["zz zz"], ["qqqqqqq"] * 9 + ["zz zz"])
    assert 2 < chrf.value < 3
    assert (chrf.low, chrf.note) == (None, "no interval: in some draws nothing is right")
    assert bleu.value == 0
