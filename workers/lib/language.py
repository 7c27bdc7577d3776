"""Log likelihoods of sentences: of a causal model as they stand, of a masked one token by token."""

from collections.abc import Sequence
from pathlib import Path

from workers.contract import Code
from workers.formulas.stereotypes import unmodified
from workers.lib import models
from workers.lib.session import Session, Trouble

BATCH = 16


class Scorer:
    """A language model that says how likely a text is, in nats."""

    def __init__(self, session: Session, folder: Path) -> None:
        from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM, AutoTokenizer

        self.device = session.device
        self.tokenizer = models.processor(AutoTokenizer, session, folder)
        kinds = models.processor(AutoConfig, session, folder).architectures or []
        self.is_masked = any("MaskedLM" in kind or "ForPreTraining" in kind for kind in kinds)
        if not self.is_masked and not any("CausalLM" in kind or "LMHead" in kind for kind in kinds):
            raise Trouble(Code.MODEL_NOT_SUPPORTED, f"This is no language model: {', '.join(kinds) or 'no kind'}.",
                          "Choose a causal or a masked language model.", "base")  # fmt: skip
        self.model = models.load(AutoModelForMaskedLM if self.is_masked else AutoModelForCausalLM, session, folder)

    def pair(self, first: str, second: str) -> tuple[float, float]:
        """Of two sentences that differ in some words. A masked model: log P of the tokens they share, each of them
        hidden in its turn (Nangia 2020). A causal one: log P of the whole."""
        if not self.is_masked:
            return self.whole(first), self.whole(second)
        one, other = (self.tokenizer(text)["input_ids"] for text in (first, second))
        places, other_places = unmodified(one, other)
        return self._hidden(one, places), self._hidden(other, other_places)

    def _hidden(self, tokens: list[int], places: Sequence[int]) -> float:
        """Sum of log P of the tokens at the places, one hidden at a time; special tokens don't count."""
        kept = [place for place in places if tokens[place] not in self.tokenizer.all_special_ids]
        return sum(self._masked(tokens, kept[start : start + BATCH]) for start in range(0, len(kept), BATCH))

    def _masked(self, tokens: list[int], places: Sequence[int]) -> float:
        import torch

        rows = torch.tensor([tokens] * len(places))
        numbers = torch.arange(len(places))
        rows[numbers, list(places)] = self.tokenizer.mask_token_id
        with torch.no_grad():
            logits = self.model(input_ids=rows.to(self.device)).logits.float().cpu()
        chances = torch.log_softmax(logits[numbers, list(places)], dim=-1)
        return float(chances[numbers, torch.tensor([tokens[place] for place in places])].sum())

    def whole(self, text: str) -> float:
        """Log P of a text, after the token that begins one, where the model has such."""
        return self.after("", text)

    def after(self, given: str, text: str) -> float:
        """Log P of `text` following `given`."""
        import torch

        start = [self.tokenizer.bos_token_id] if self.tokenizer.bos_token_id is not None else []
        before = start + (self._tokens(given) if given else [])
        tokens = before + self._tokens(text)
        skipped = max(len(before), 1)
        with torch.no_grad():
            logits = self.model(input_ids=torch.tensor([tokens]).to(self.device)).logits[0].float().cpu()
        chances = torch.log_softmax(logits[skipped - 1 : -1], dim=-1)
        return float(chances.gather(1, torch.tensor(tokens[skipped:])[:, None]).sum())

    def fluency(self, given: str, text: str) -> float:
        """Log P a token of `text` following `given`; of a masked model each token hidden in its turn."""
        if not self.is_masked:
            return self.after(given, f" {text}" if given else text) / max(1, len(self._tokens(text)))
        tokens = self.tokenizer(*([given, text] if given else [text]))["input_ids"]
        kept = [place for place, token in enumerate(tokens) if token not in self.tokenizer.all_special_ids]
        own = kept[-len(self._tokens(text)) :]
        return self._hidden(tokens, own) / max(1, len(own))

    def _tokens(self, text: str) -> list[int]:
        return list(self.tokenizer(text, add_special_tokens=False)["input_ids"])

    def choice(self, given: str, answers: Sequence[str]) -> int:
        """The place of the likeliest answer, by log P a token. Raises `Trouble` for a masked model."""
        if self.is_masked:
            raise Trouble(Code.MODEL_NOT_SUPPORTED, "Questions are asked of causal language models only.",
                          "Choose a causal model, or pairs of sentences.", "base")  # fmt: skip
        scores = [self.after(given, f" {answer}") / max(1, len(self._tokens(f" {answer}"))) for answer in answers]
        return max(range(len(scores)), key=scores.__getitem__)
