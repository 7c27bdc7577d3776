"""What main's head states: views of its files, rebuilt with each commit that touches them."""

from typing import ClassVar

from django.db import models

from hub.catalog.models.repos import Repo, RepoKind
from hub.core.fields import OrderedJSON


class Card(models.Model):
    """What the README at main's head states, parsed: a view of that file, rebuilt with each commit that touches it."""

    repo = models.OneToOneField(Repo, on_delete=models.CASCADE, related_name="card")
    readme_oid = models.CharField(max_length=40, blank=True)
    metadata = OrderedJSON(default=dict)
    summary = models.CharField(max_length=300, blank=True)
    license = models.CharField(max_length=100, blank=True)
    pipeline_tag = models.CharField(max_length=100, blank=True)
    library_name = models.CharField(max_length=100, blank=True)
    # Parameters by dtype over the safetensors files at main's head, e.g. {"F32": 22713216}; empty when there are none.
    parameters = models.JSONField(default=dict)
    # Their sum over dtypes, or what a GGUF or ONNX file's header says; None where no header was read.
    parameter_count = models.PositiveBigIntegerField(null=True)
    # Bytes of all files at main's head: what a pull brings.
    size = models.PositiveBigIntegerField(default=0)
    # Which reading of the files wrote all this (`services.index.READING`); 0 before readings were counted.
    reading = models.PositiveSmallIntegerField(default=0, db_index=True)

    def __str__(self) -> str:
        return f"card of {self.repo_id}"


class CardText(models.Model):
    """The README's prose without markup, apart from `Card` so that lists don't carry it: search reads it."""

    repo = models.OneToOneField(Repo, on_delete=models.CASCADE, primary_key=True, related_name="card_text")
    text = models.TextField()

    def __str__(self) -> str:
        return f"text of {self.repo_id}"


class RepoTag(models.Model):
    """A tag as clients filter by it: `license:mit`, `dataset:squad`, `en`, `safetensors`."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="tags")
    value = models.CharField(max_length=200)
    # The value casefolded, which filters compare; it may be a little longer (ß becomes ss).
    key = models.CharField(max_length=600)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "value"], name="repo_tag_once")]
        indexes: ClassVar = [models.Index(fields=["key", "repo"], name="repo_by_tag")]

    def __str__(self) -> str:
        return self.value


class Ancestor(models.Model):
    """Something that a repository was made from, as its card names it: whether this hub has it is asked when read."""

    class Relation(models.TextChoices):
        FINETUNE = "finetune", "Fine-tuned from"
        ADAPTER = "adapter", "Adapter for"
        MERGE = "merge", "Merged from"
        QUANTIZED = "quantized", "Quantised from"
        BASE = "base", "Made from"
        COPY = "copy", "Copied from"
        TRAINED_ON = "trained-on", "Trained on"
        EVALUATED_ON = "evaluated-on", "Evaluated on"
        SOURCE = "source", "Data taken from"

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="ancestors")
    kind = models.CharField(max_length=7, choices=RepoKind.choices)
    relation = models.CharField(max_length=12, choices=Relation.choices)
    # As written in the card, and in lower case as `Repo.key` is.
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    # The revision that the card names, if it does.
    revision = models.CharField(max_length=255, blank=True)
    # The commit at that revision (or at main) when this was first written, where this hub had it then.
    commit = models.CharField(max_length=40, blank=True)
    # The card names it and not the relation, which follows from the files and tags.
    is_inferred = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["repo", "kind", "relation", "key"], name="ancestor_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "key"], name="ancestor_by_key")]

    def __str__(self) -> str:
        return f"{self.relation} {self.name}"


class ReportedResult(models.Model):
    """An evaluation result that a file of the repository reports (`model-index`, `.eval_results/*.yaml`).

    What a job of this hub measured is another table, in another room: reported and measured never look alike.
    """

    class Source(models.TextChoices):
        MODEL_INDEX = "model-index", "The card's model-index"
        EVAL_RESULTS = "eval-results", "A file in .eval_results"

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="results")
    position = models.PositiveIntegerField()
    source = models.CharField(max_length=12, choices=Source.choices)
    path = models.CharField(max_length=1000)
    task = models.CharField(max_length=100, blank=True)
    # The data set as named for people, and its id on a hub.
    dataset_name = models.CharField(max_length=200, blank=True)
    dataset = models.CharField(max_length=200, blank=True)
    config = models.CharField(max_length=200, blank=True)
    split = models.CharField(max_length=200, blank=True)
    revision = models.CharField(max_length=255, blank=True)
    metric = models.CharField(max_length=100)
    metric_name = models.CharField(max_length=200, blank=True)
    # `dataset/metric` folded to one spelling, which the search filters by.
    benchmark = models.CharField(max_length=310, blank=True)
    # None where the card gives no single number; `text` is the value as written.
    value = models.FloatField(null=True)
    text = models.CharField(max_length=200, blank=True)
    reported_on = models.CharField(max_length=40, blank=True)
    by = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    # What is to prove that the hub itself measured it; nothing until the hub's own record says the same.
    verify_token = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "position"], name="result_once")]
        indexes: ClassVar = [models.Index(fields=["benchmark", "-value"], name="result_by_benchmark")]

    def __str__(self) -> str:
        return f"{self.benchmark}: {self.text}"
