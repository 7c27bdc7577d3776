"""For the demo hub: a family of models around one, results to compare, and ninety days of pulls."""

import datetime as dt
import math
from collections.abc import Callable

from hub.catalog.models import PullDay, Repo
from hub.core import clock

BASE = "headstart/all-minilm-l6-v2"
REVIEWS = """---
base_model: headstart/all-minilm-l6-v2
datasets: [headstart/reviews]
pipeline_tag: text-classification
model-index:
- name: film-reviews
  results:
  - task: {type: text-classification}
    dataset: {name: IMDB reviews, type: headstart/reviews, config: plain, split: test, revision: main}
    metrics: [{type: accuracy, name: Accuracy, value: 0.8462}, {type: f1, name: F1, value: 0.8431}]
  - task: {type: text-classification}
    dataset: {name: Rotten Tomatoes, type: rotten_tomatoes, split: test}
    metrics: [{type: accuracy, name: Accuracy, value: 0.7871}]
    source: {name: Evaluation notebook, url: "https://example.org/notebook"}
  - task: {type: text-classification}
    dataset: {name: Yelp polarity, type: yelp_polarity, split: test}
    metrics: [{type: accuracy, name: Accuracy, value: 0.9013}]
---
# Sentiment of reviews

Tells whether a review praises or complains.
"""
EVAL = b"""- dataset: {id: headstart/reviews, task_id: sentiment, revision: main}
  value: 84.62
  date: 2026-09-14
  source: {url: "https://example.org/run/17", name: Run 17, user: grace}
"""
SOURCE = """---
license: cc-by-4.0
source_datasets: [extended|someone/all-reviews]
---
# Film reviews

Fifty thousand reviews of films with whether they praise.
"""


def make(repo: Callable[..., None]) -> None:
    """`repo(owner, name, card=, kind=, files=, is_private=)` makes a repository."""
    repo("headstart", "reviews", card=SOURCE, kind="dataset")
    repo("ada", "film-reviews", card=REVIEWS, files={".eval_results/reviews.yaml": EVAL})
    repo("ada", "film-reviews-q8", card=_of("ada/film-reviews", "quantized"))
    repo("vision-team", "triage-adapter", card=_of(BASE, ""), files={"adapter_config.json": b"{}"})
    repo("vision-team", "merged-encoder", card=_of(f"[{BASE}, ada/film-reviews]", ""))
    repo("ada", "secret-encoder", card=_of(BASE, ""), is_private=True)
    today = clock.now().date()
    pulled = [Repo.objects.get(key=key) for key in (BASE, "headstart/resnet50", "ada/film-reviews", "ada/untold")]
    PullDay.objects.bulk_create(
        PullDay(repo=repo, day=today - dt.timedelta(days=ago), by=by, count=count)
        for at, repo in enumerate(pulled)
        for ago in range(75 - 20 * at)
        for by, share in (("", 90 / 3**at), ("ada", 30 / 3**at), ("grace", 12 / 3**at))
        if (count := int(share * (1.2 + math.sin(ago / 4)) * math.exp(-ago / 60)))
    )


def _of(base: str, relation: str) -> str:
    stated = f"base_model_relation: {relation}\n" if relation else ""
    return f"---\nbase_model: {base}\n{stated}---\n# Made from another\n\nA model made from another one for the demo.\n"
