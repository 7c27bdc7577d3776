"""Causal language models: texts, prompts with completions, or chats; all weights, or an adapter (LoRA).

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "causal-lm"

Of prompts and chats only what the model is to say is learnt. The result opens with `AutoModelForCausalLM`; an adapter
does so too where its base is at hand.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import clock, intervals, models, training, words
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

NONE = -100
# For tokenizers that bring none: no new tokens, so no weights of theirs to learn.
CHAT = "{% for message in messages %}{{ message.role }}: {{ message.content }}\n{% endfor %}" \
       "{% if add_generation_prompt %}assistant: {% endif %}"  # fmt: skip

OFFER = Offer(
    kind="recipe",
    name="causal-lm",
    version="1.0.0",
    title="Language model",
    summary="Go on training a language model on texts, on prompts with completions, or on chats.",
    tasks=("text-generation",),
    options=(
        *training.options(learning_rate=2e-4, batch_size=8),
        Option("max_length", "int", 512, "Longest text", "Tokens; what is longer is cut.", 4, 131_072),
        Option("method", "choice", "lora", "What is trained", "lora: a small adapter; full: all weights (take a "
               "learning rate of about 2e-5).", None, None, ("lora", "full")),
        Option("lora_rank", "int", 16, "Rank", "Of the adapter.", 1, 1024, (), True),
        Option("lora_alpha", "float", 32.0, "Alpha", "The adapter counts by alpha / rank.", 0.1, 4096, (), True),
        Option("lora_dropout", "float", 0.05, "Dropout", "In the adapter.", 0, 0.9, (), True),
        Option("merge", "bool", False, "Merge", "Publish base and adapter as one model.", is_advanced=True),
    ),
    columns=(
        ColumnRole("text", "text", "Text", False, ("text", "content", "document")),
        ColumnRole("messages", "any", "Chat", False, ("messages", "conversations", "conversation")),
        ColumnRole("prompt", "text", "Prompt", False, ("prompt", "instruction", "question", "input")),
        ColumnRole("completion", "text", "Completion", False, ("completion", "response", "answer", "output")),
    ),
    spreads=True,
    metric="perplexity",
    higher_is_better=False,
    needs=("transformers",),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = _ready(models.processor(AutoTokenizer, session, models.base(session)))
    model = _model(AutoModelForCausalLM, session)
    model.config.use_cache = False
    train, validation = session.rows(), session.validation
    fitted = training.fit(
        session,
        model=model,
        train=_examples(session, tokenizer, model, train),
        validation=_examples(session, tokenizer, model, validation) if validation else None,
        collate=lambda rows: _batch(rows, tokenizer.pad_token_id),
    )
    model.config.use_cache = True
    is_adapter = _save(session, model)
    tokenizer.save_pretrained(session.out)
    metadata = {"pipeline_tag": "text-generation", "library_name": "peft" if is_adapter else "transformers",
                "base_model_relation": "adapter" if is_adapter else "finetune"}  # fmt: skip
    counts = sum(each.numel() for each in model.parameters() if each.requires_grad)
    return Trained(fitted.steps, {"Trained weights": f"{counts:,}", **fitted.card()}, metadata=metadata)


def _ready(tokenizer: Any) -> Any:
    """With padding, and with a template for chats."""
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    tokenizer.chat_template = tokenizer.chat_template or CHAT
    return tokenizer


def _model(auto: Any, session: Session) -> Any:
    """The base, in the precision of the training where only an adapter moves."""
    import torch

    from workers.lib.trainer import precision_of

    if session.config["method"] == "full" or session.from_scratch:
        return models.tune(auto, session)
    from peft import LoraConfig, get_peft_model

    precision = precision_of(session.config["precision"], session.device)
    base = models.tune(auto, session).to(torch.bfloat16 if precision == "bfloat16" else torch.float32)
    settings = LoraConfig(
        r=session.config["lora_rank"], lora_alpha=session.config["lora_alpha"], task_type="CAUSAL_LM",
        lora_dropout=session.config["lora_dropout"], target_modules="all-linear",
    )  # fmt: skip
    made = get_peft_model(base, settings)
    if session.config["gradient_checkpointing"]:
        made.enable_input_require_grads()
    return made


def _save(session: Session, model: Any) -> bool:
    """Whether what lies in `out` is an adapter. Merged in float32: in bfloat16 the sum would round the adapter away."""
    import torch

    is_adapter = hasattr(model, "merge_and_unload") and not session.config["merge"]
    if hasattr(model, "merge_and_unload") and not is_adapter:
        model = model.to(torch.float32).merge_and_unload()
    model.save_pretrained(session.out)
    return is_adapter


def _examples(session: Session, tokenizer: Any, model: Any, table: Table) -> list[dict]:
    """Tokens, with `labels` of those that are to be learnt. Rows with nothing to learn are left out."""
    length = words.longest(tokenizer, model.config, session.config["max_length"])
    made = [_encoded(tokenizer, text, spans, length) for text, spans in _texts(tokenizer, table)]
    kept = [row for row in made if any(label != NONE for label in row["labels"][1:])]
    if not kept:
        raise Trouble(Code.DATASET_EMPTY, "No row has anything to learn within the longest text.",
                      "Raise the longest text, or look at the columns.", "config.max_length")  # fmt: skip
    return kept


def _texts(tokenizer: Any, table: Table) -> list[tuple[str, list[tuple[int, int]]]]:
    """Each row as one text, and from where to where it is to be learnt (characters)."""
    rows, end = table.rows, tokenizer.eos_token or ""
    if rows["messages"].notna().all():
        return [_chat(tokenizer, [_message(each) for each in messages]) for messages in rows["messages"]]
    if rows["prompt"].notna().all() and rows["completion"].notna().all():
        pairs = zip(rows["prompt"].map(str), rows["completion"].map(str), strict=True)
        return [(p + c + end, [(len(p), len(p + c + end))]) for p, c in pairs]
    if rows["text"].notna().all():
        return [(text + end, [(0, len(text + end))]) for text in rows["text"].map(str)]
    raise Trouble(Code.DATASET_COLUMN_MISSING, "There is neither a text, nor a chat, nor a prompt with a completion.",
                  "Name the column of texts, of chats, or of prompts and completions.", "columns.text")  # fmt: skip


def _message(told: dict[str, Any]) -> dict[str, str]:
    """{"role", "content"}, also from the other usual spelling {"from": "human", "value"}."""
    roles = {"human": "user", "gpt": "assistant", "bot": "assistant"}
    role, content = told.get("role", told.get("from")), told.get("content", told.get("value"))
    if role is None or content is None:
        raise Trouble(Code.DATASET_BAD_VALUE, "A message of a chat has no role or no content.",
                      "Messages look like {“role”: “user”, “content”: “…”}.", "columns.messages")  # fmt: skip
    return {"role": roles.get(str(role), str(role)), "content": str(content)}


def _chat(tokenizer: Any, messages: list[dict[str, str]]) -> tuple[str, list[tuple[int, int]]]:
    """The whole chat, and what the assistant says in it. A template that changes what came before (as some do with
    reasoning) has no such places: then all of it is learnt."""
    whole = tokenizer.apply_chat_template(messages, tokenize=False)
    spans = []
    for number, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        before = tokenizer.apply_chat_template(messages[:number], tokenize=False, add_generation_prompt=True)
        after = tokenizer.apply_chat_template(messages[: number + 1], tokenize=False)
        if not (whole.startswith(after) and after.startswith(before)):
            return whole, [(0, len(whole))]
        spans.append((len(before), len(after)))
    return whole, spans


def _encoded(tokenizer: Any, text: str, spans: Sequence[tuple[int, int]], length: int) -> dict:
    row = tokenizer(text, truncation=True, max_length=length, return_offsets_mapping=True)
    labels = [
        number if any(begin <= start < end for begin, end in spans) and stop > start else NONE
        for number, (start, stop) in zip(row["input_ids"], row["offset_mapping"], strict=True)
    ]
    return {"input_ids": row["input_ids"], "labels": labels}


def _batch(rows: list[dict], padding: int) -> dict[str, Any]:
    import torch

    longest = max(len(row["input_ids"]) for row in rows)

    def filled(key: str, value: int) -> Any:
        return torch.tensor([row[key] + [value] * (longest - len(row[key])) for row in rows])

    mask = [[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"])) for row in rows]
    return {"input_ids": filled("input_ids", padding), "labels": filled("labels", NONE),
            "attention_mask": torch.tensor(mask)}  # fmt: skip


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """How well each row is foretold: `outputs` are {nll, tokens, hits} over the tokens that are to be said."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = _ready(models.processor(AutoTokenizer, session, model))
    loaded = models.load(AutoModelForCausalLM, session, model)
    rows = _examples(session, tokenizer, loaded, table)
    began = clock.monotonic()
    found: list[dict[str, float]] = [{}] * len(rows)
    for numbers in words.batches(rows, session.config["batch_size"]):
        batch = _batch([rows[number] for number in numbers], tokenizer.pad_token_id)
        for number, foretold in zip(numbers, _foretold(loaded, batch), strict=True):
            found[number] = foretold
    targets = [tokenizer.decode([each for each in row["labels"] if each != NONE]) for row in rows]
    return Predictions(targets, found, others=table.others, seconds=clock.monotonic() - began)


def _foretold(model: Any, batch: dict[str, Any]) -> list[dict[str, float]]:
    import torch

    batch = {name: each.to(model.device) for name, each in batch.items()}
    labels = batch.pop("labels")[:, 1:]
    with torch.no_grad():
        logits = model(**batch).logits[:, :-1].float()
    losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), labels, ignore_index=NONE, reduction="none")
    said = labels != NONE
    hits = ((logits.argmax(dim=-1) == labels) & said).sum(dim=1).tolist()
    numbers = zip(losses.sum(dim=1).tolist(), said.sum(dim=1).tolist(), hits, strict=True)
    return [{"nll": nll, "tokens": tokens, "hits": hit} for nll, tokens, hit in numbers]


def score(predictions: Predictions, session: Session) -> list[Measured]:
    table = np.asarray([[each["nll"], each["tokens"], each["hits"]] for each in predictions.outputs])
    return [
        intervals.measured("perplexity", _perplexity, table, seed=session.seed, higher_is_better=False),
        intervals.measured("token_accuracy", lambda t: t[:, 2].sum() / t[:, 1].sum(), table, seed=session.seed),
    ]


def _perplexity(table: np.ndarray) -> float:
    """Over all tokens of all rows, not the mean of the rows' own."""
    return float(np.exp(table[:, 0].sum() / table[:, 1].sum()))


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Words that always come in the same order, from a random one on, after two that say nothing."""
    import pandas as pd
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    generator = np.random.default_rng(seed)
    known = [f"word{number}" for number in range(12)]

    def table(count: int) -> Table:
        starts = generator.integers(0, 12, count)
        texts = [
            " ".join((*generator.choice(known, 2), *(known[(start + step) % 12] for step in range(8))))
            for start in starts
        ]
        rows = pd.DataFrame({"text": texts, "messages": None, "prompt": None, "completion": None})
        return Table(rows, pd.DataFrame(index=rows.index))

    torch.manual_seed(seed)
    tokenizer = words.tiny_tokenizer(known, folder)
    LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=1,
        intermediate_size=64, max_position_embeddings=64, pad_token_id=0, bos_token_id=2, eos_token_id=3,
    )).save_pretrained(folder)  # fmt: skip
    learned = {"max_steps": 40, "learning_rate": 1e-2, "batch_size": 16, "warmup": 0.0, "method": "full"}
    return folder, table(64), table(32), learned


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
