"""What `training_args.bin` names: the settings of a run, as trainers save them beside their checkpoints.

A choice is called with its value and finds it among its own. An object is made without its initialiser, and its
attributes are put into it at once: no code of its class runs, and nothing is given to any.
"""

_OF_TRAINERS = ("IntervalStrategy", "SaveStrategy", "EvaluationStrategy", "HubStrategy", "SchedulerType", "FSDPOption")

CHOICES: frozenset[tuple[str, str]] = frozenset(
    {("transformers.trainer_utils", name) for name in _OF_TRAINERS}
    | {("transformers.training_args", name) for name in ("OptimizerNames", "ParallelMode")}
    | {("transformers.debug_utils", "DebugOption"), ("accelerate.utils.dataclasses", "DistributedType")}
)
OBJECTS: frozenset[tuple[str, str]] = frozenset(
    {
        ("transformers.training_args", "TrainingArguments"),
        ("transformers.training_args_seq2seq", "Seq2SeqTrainingArguments"),
        ("transformers.trainer_pt_utils", "AcceleratorConfig"),
        ("accelerate.state", "PartialState"),
    }
)


def is_choice(arguments: object) -> bool:
    """Whether these are what a choice is called with: its value, alone."""
    return isinstance(arguments, tuple) and len(arguments) == 1 and type(arguments[0]) in (str, int)
