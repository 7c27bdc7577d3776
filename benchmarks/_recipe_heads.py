"""What a base is worth without tuning it: a linear head on its frozen features, or what most people took."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks._recipe_cases import POPULAR, Case
from workers.contract import Measured
from workers.lib import columns, data, encoders, mlp, models, ranking, recommender
from workers.lib.session import Predictions, Session, Table
from workers.recipes import recipe


def measure(case: Case, session: Session, train: Table, test: Table, tuned: Path) -> Measured:
    """The figure of the case, by the recipe's own metrics over the same test rows. `tuned`: a recommender's files say
    who and what is known."""
    told = _popular(tuned, test) if case.against == POPULAR else _linear(case, session, train, test)
    return next(each for each in recipe(case.recipe).score(told, session) if each.metric == case.metric)


def _linear(case: Case, session: Session, train: Table, test: Table) -> Predictions:
    if case.recipe == "token-classification":
        return _tags(session, train, test)
    embed = _hidden if case.recipe == "tabular" else encoders.embed
    assert session.base is not None
    seen, unseen = (embed(session, session.base, table) for table in (train, test))
    truth, asked = (_labels(case, table) for table in (train, test))
    head = _head().fit(seen, truth)
    return _classes(head, asked, head.predict_proba(unseen))


def _head() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, C=0.1))


def _classes(head: Any, asked: np.ndarray, chances: np.ndarray) -> Predictions:
    names = list(head.classes_)
    return Predictions([names.index(each) for each in asked], chances.argmax(1).tolist(), chances, tuple(names))


def _labels(case: Case, table: Table) -> np.ndarray:
    """As texts; a number that the case cuts in two as the sides of the cut."""
    values = table.rows["label"]
    return (values > float(case.config["cut"]) if "cut" in case.config else values).map(str).to_numpy()


def _hidden(_session: Session, folder: Path, table: Table) -> np.ndarray:
    """What the last layer of a network over columns reads."""
    model = mlp.read(folder)
    with torch.no_grad():
        return model.network[:-1](torch.from_numpy(columns.encode(table, model.inputs))).numpy()


def _tags(session: Session, train: Table, test: Table) -> Predictions:
    """The head reads each word's first piece, as the recipe does."""
    from transformers import AutoModel, AutoTokenizer

    assert session.base is not None
    tokenizer = models.processor(AutoTokenizer, session, session.base)
    model = models.load(AutoModel, session, session.base)
    names = data.names_of([tag for table in (train, test) for tags in table.rows["tags"] for tag in tags])
    seen, truth = _words(tokenizer, model, train)
    head = _head().fit(np.concatenate(seen), np.concatenate(truth))
    unseen, asked = _words(tokenizer, model, test)
    told = [[names.index(tag) for tag in head.predict(each)] for each in unseen]
    return Predictions([[names.index(tag) for tag in each] for each in asked], told, labels=names)


def _words(tokenizer: Any, model: Any, table: Table) -> tuple[list[np.ndarray], list[list[str]]]:
    """Of each sentence, the vectors of its words and their tags."""
    found, tags = [], []
    for words, own in zip(table.rows["tokens"], table.rows["tags"], strict=True):
        row = tokenizer(list(words), is_split_into_words=True, truncation=True, return_tensors="pt")
        places = row.word_ids()
        first = [places.index(number) for number in sorted({place for place in places if place is not None})]
        with torch.no_grad():
            found.append(model(**row).last_hidden_state[0, first].numpy())
        tags.append([str(tag) for tag in own[: len(first)]])
    return found, tags


def _popular(tuned: Path, test: Table) -> Predictions:
    """By what the tuned model's people took before."""
    known = recommender.read(tuned)
    popular = recommender.Model("popular", known.users, known.items, history=known.history)
    lists = ranking.lists_for(popular, test)
    others = test.others.assign(user=test.rows["user"])
    return Predictions(list(test.rows["item"].map(data.label)), lists, None, known.items, others)
