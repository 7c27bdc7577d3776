"""The words of jobs, explained."""

from hub.web.pages.glossary_entries import Entry

JOBS = (
    Entry(
        "job",
        "a",
        "Work that somebody ordered and a worker does: a fine-tune, an evaluation or a ranking of models.",
        "It goes on when you close the page. What was ordered never changes; to change it, order again from its page.",
        ("worker", "recipe", "suite", "ranking"),
    ),
    Entry(
        "worker",
        "a",
        "A program on some machine, with or without a GPU, that takes jobs from this hub and does them.",
        "",
        ("job", "device class", "lease"),
    ),
    Entry(
        "device class",
        "a",
        "What a worker's device can hold: cpu is a processor, gpu-80 a GPU with 80 GB of memory.",
        "A job goes to the smallest class that it fits, unless its order names one.",
        ("worker", "budget"),
    ),
    Entry(
        "recipe",
        "a",
        "A tried way to fine-tune models for one task, with settings that suit most data.",
        "Change the settings that you understand and leave the others: each has a default, shown dimmed on the job.",
        ("fine-tuning", "job"),
    ),
    Entry(
        "suite",
        "a",
        "Measurements that belong together, such as those of calibration, fairness or robustness.",
        "An evaluation always takes the recipe's own metric; suites measure more.",
        ("evaluation", "slice", "metric"),
    ),
    Entry(
        "slice",
        "a",
        "A part of the data that is looked at by itself: one label, one age group, one language.",
        "A model that is good on all of the data may be poor on a slice that matters to you. The fewer examples a "
        "slice has, the wider is its interval.",
        ("suite", "interval", "bias"),
    ),
    Entry(
        "interval",
        "an",
        "The range in which a measured number would lie in 95 of 100 repetitions with other examples of the same kind.",
        "Where the intervals of two models overlap, the difference may be chance.",
        ("metric", "leaderboard"),
    ),
    Entry(
        "leaderboard",
        "a",
        "Models in the order of what jobs of this hub measured on one data set at one commit.",
        "Models whose intervals overlap share a rank. What authors report of their own models stands elsewhere.",
        ("interval", "evaluation", "data set"),
    ),
    Entry(
        "head start",
        "a",
        "How much sooner, or better, a pre-trained model gets there than the same model begun from random weights.",
        "Tick it in the order of a fine-tune: both are trained on the same budget and drawn as one picture.",
        ("pre-trained model", "transfer learning", "fine-tuning"),
    ),
    Entry(
        "ranking",
        "a",
        "An estimate, without training any of them, which of several models to start from for your data.",
        "A small layer learns from each model's embeddings and is judged on rows that it hasn't seen.",
        ("embedding", "head start"),
    ),
    Entry(
        "lease",
        "a",
        "A worker's hold on a job, which it renews every few seconds while it works.",
        "A worker that falls silent loses it; the job goes on elsewhere, and what the first one says later is refused.",
        ("worker", "attempt"),
    ),
    Entry(
        "attempt",
        "an",
        "One try of one worker at a job; the next goes on from where the last one saved its state.",
        "",
        ("lease", "checkpoint"),
    ),
    Entry(
        "budget",
        "a",
        "How much device time the jobs of a person or an organisation may take in 30 days.",
        "It counts each device class by itself. A job's time comes back 30 days after its end.",
        ("device class", "job"),
    ),
)
