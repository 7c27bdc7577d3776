"""transformers.Trainer as `training.fit` has it. Imports torch; nobody but `training` needs it."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import PrinterCallback, Trainer, TrainerCallback, TrainingArguments

from workers.contract import Code
from workers.lib import clock, events, standing
from workers.lib.session import Session, Stopped, Trouble
from workers.lib.standing import Standing
from workers.lib.together import Together
from workers.lib.training import Fitted, Plan, plan

# Points of the loss curve, and seconds between reports of progress.
POINTS, PAUSE = 200, 0.5


def run(
    session: Session,
    *,
    model: Any,
    train: Sequence[Any],
    collate: Callable[[list[Any]], dict[str, Any]],
    validation: Sequence[Any] | None,
    judge: Callable[[Any], dict[str, float]] | None,
    metric: str,
    higher_is_better: bool,
    loss: Callable[[Any, dict[str, Any]], Any] | None,
) -> Fitted:
    """As `training.fit` says."""
    planned = plan(session.config, len(train), session.batch_halvings, session.ranks)
    made = arguments(session, planned)
    state = Standing.read(session.resume) if session.resume else Standing()
    follower = Follower(session, planned, state, Together(session), metric, higher_is_better)
    if session.config["gradient_checkpointing"] and hasattr(model, "gradient_checkpointing_enable"):
        model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
    trainer = Tuner(
        model=model,
        args=made,
        train_dataset=train,
        data_collator=collate,
        callbacks=[follower],
    )
    trainer.follower, trainer.loss, trainer.rows = follower, loss, validation
    trainer.judge = judge
    trainer.model_accepts_loss_kwargs = trainer.model_accepts_loss_kwargs and loss is None
    trainer.remove_callback(PrinterCallback)
    if session.ranks > 1:
        # Each drops out what it likes; a checkpoint knows how each stood.
        torch.manual_seed(session.seed * session.ranks + session.rank)
    follower.begin(trainer)
    if not state.is_done:
        trainer.train(resume_from_checkpoint=str(session.resume) if session.resume else None)
    return follower.end(trainer)


def arguments(session: Session, planned: Plan) -> TrainingArguments:
    config = session.config
    precision = precision_of(config["precision"], session.device)
    on_cpu = session.device == "cpu"
    made = TrainingArguments(
        output_dir=str(session.folder / "trainer"),
        per_device_train_batch_size=planned.micro,
        gradient_accumulation_steps=planned.accumulation,
        max_steps=planned.steps,
        learning_rate=config["learning_rate"],
        weight_decay=config["weight_decay"],
        warmup_steps=int(planned.steps * config["warmup"]),
        lr_scheduler_type=config["schedule"],
        max_grad_norm=config["clip"],
        bf16=precision == "bfloat16",
        fp16=precision == "float16",
        seed=session.seed,
        data_seed=session.seed,
        full_determinism=config["deterministic"],
        use_cpu=on_cpu,
        **_spread(session, on_cpu),
        dataloader_pin_memory=not on_cpu,
        remove_unused_columns=False,
        report_to=[],
        disable_tqdm=True,
        logging_strategy="no",
        eval_strategy="no",
        save_strategy="no",
    )
    # One device a process: several are torchrun's matter, not threads in this process.
    made._n_gpu = min(made.n_gpu, 1)
    return made


def _spread(session: Session, on_cpu: bool) -> dict[str, Any]:
    """While the first process judges, the others wait for it: as long as the job may take."""
    if session.ranks == 1:
        return {}
    return {"ddp_backend": "gloo" if on_cpu else "nccl", "ddp_timeout": session.spec.max_seconds}


def precision_of(wanted: str, device: str) -> str:
    """float32, bfloat16 or float16. float16 needs a GPU."""
    if device == "cpu":
        return "bfloat16" if wanted == "bfloat16" else "float32"
    if wanted != "auto":
        return wanted
    return "bfloat16" if torch.cuda.is_bf16_supported() else "float16"


class Tuner(Trainer):
    """Losses are added up on the device; an evaluation is what the recipe makes of it, and draws no random number."""

    follower: "Follower"
    model: Any
    loss: Callable[[Any, dict[str, Any]], Any] | None = None
    judge: Callable[[Any], dict[str, float]] | None = None
    rows: Sequence[Any] | None = None

    def compute_loss(self, model: Any, inputs: Any, *arguments: Any, **more: Any) -> Any:
        if self.loss is None:
            return super().compute_loss(model, inputs, *arguments, **more)
        return self.loss(model, inputs)

    def training_step(self, *arguments: Any, **more: Any) -> Any:
        loss = super().training_step(*arguments, **more)
        self.follower.add(loss)
        return loss

    @torch.no_grad()
    def evaluate(self, *_arguments: Any, **_more: Any) -> dict[str, float]:
        self.model.eval()
        found: dict[str, float] = {}
        if self.follower.together.is_first:
            found = self.judge(self.model) if self.judge else self._mean_loss()
            self.follower.judged(self.model, found, self.state.global_step)
        self.follower.agree()
        return found

    def _mean_loss(self) -> dict[str, float]:
        """Over the validation rows, each batch by its size."""
        if not self.rows:
            return {}
        size, total = self.args.per_device_train_batch_size, 0.0
        for start in range(0, len(self.rows), size):
            batch = [self.rows[number] for number in range(start, min(start + size, len(self.rows)))]
            with self.compute_loss_context_manager():
                loss = self.compute_loss(self.model, self._prepare_inputs(self.data_collator(batch)))
            total += float(loss) * len(batch)
        return {"loss": total / len(self.rows)}


class Follower(TrainerCallback):
    """Reports, keeps the best weights, makes checkpoints whole, and says when to stop."""

    def __init__(
        self,
        session: Session,
        planned: Plan,
        state: Standing,
        together: Together,
        metric: str,
        higher_is_better: bool,
    ) -> None:
        self.session, self.plan, self.standing, self.together = session, planned, state, together
        self.model: Any = None
        self.metric, self.higher_is_better = metric, higher_is_better
        self.every = max(1, planned.steps // POINTS)
        self.kept = session.folder / standing.KEPT
        self.began = self.saved = self.told = clock.monotonic()
        self.first_step = 0
        self.seconds_before = state.seconds
        self.must_stop = False
        self.window: Any = None

    def begin(self, trainer: Tuner) -> None:
        """Before the first step: what the checkpoint knew is at hand again."""
        self.model, self.on_cpu = trainer.model, trainer.args.device.type == "cpu"
        self.window = torch.tensor(self.standing.window, device=trainer.args.device)
        if self.session.resume and (found := self.session.resume / standing.KEPT).is_file():
            shutil.copyfile(found, self.kept)

    def add(self, loss: Any) -> None:
        self.window += loss.float()
        if self.on_cpu:
            self._check(self.window)

    def on_train_begin(self, *told: Any, **_more: Any) -> None:
        self.first_step = told[1].global_step

    def on_step_end(self, *told: Any, **_more: Any) -> None:
        _, state, control = told
        step = state.global_step
        self.standing.window_steps += 1
        if step % self.every == 0 or step == self.plan.steps:
            self._tell_loss(step)
        self._tell_progress(step)
        stop, is_due = self.together.told(self.session.should_stop(), self._is_due(step))
        self.must_stop = self.must_stop or stop
        control.should_evaluate = step % self.plan.evaluate_every == 0 or step == self.plan.steps
        control.should_save = control.should_evaluate or self.must_stop or is_due
        control.should_training_stop = control.should_training_stop or self.must_stop

    def on_epoch_end(self, *told: Any, **_more: Any) -> None:
        """The Trainer looks at these once more here; the last step of the epoch has seen to them."""
        control = told[2]
        control.should_evaluate = control.should_save = False

    def _tell_loss(self, step: int) -> None:
        self._check(self.window)
        self._share_window()
        mean = float(self.window) / self.standing.window_steps
        self.window.zero_()
        self.standing.window_steps = 0
        self.standing.told("train/loss", step, mean)
        self.session.report.metric("loss", mean, step, "train")

    def _share_window(self) -> None:
        """Each device saw its own rows: the loss is the mean of all."""
        self.window.fill_(self.together.mean(float(self.window)))

    def _check(self, value: Any) -> None:
        if not bool(torch.isfinite(value).all()):
            raise Trouble(Code.LOSS_NOT_FINITE, "The loss is no longer a finite number.",
                          "Take a lower learning rate, a longer warm-up or float32; look for odd values in the data.",
                          "learning_rate")  # fmt: skip

    def _tell_progress(self, step: int) -> None:
        now = clock.monotonic()
        if now - self.told < PAUSE and step != self.plan.steps:
            return
        self.told = now
        done, taken = step - self.first_step, max(now - self.began, 1e-9)
        self.session.report.progress(
            step,
            self.plan.steps,
            epoch=round(step / self.plan.steps_per_epoch, 4),
            seconds=round(self.seconds_before + taken, 3),
            seconds_left=round(taken / max(done, 1) * (self.plan.steps - step), 3),
            examples_per_second=round(done * self.plan.batch / taken, 3),
        )

    def _is_due(self, step: int) -> bool:
        by_steps = self.session.config["checkpoint_steps"]
        by_time = clock.monotonic() - self.saved >= self.session.config["checkpoint_seconds"]
        return by_time or bool(by_steps and step % by_steps == 0)

    def judged(self, model: Any, found: dict[str, float], step: int) -> None:
        """After an evaluation. A model that got worse is not kept unless the latest is asked for."""
        for name, value in found.items():
            self.standing.told(f"validation/{name}", step, value)
            self.session.report.metric(name, value, step, "validation")
        events.note(step, found)
        self.standing.clock.append((step, self._seconds()))
        better = self.standing.judged(found.get(self.metric), step, self.higher_is_better)
        if better or not self.session.config["keep_best"] or not self.kept.is_file():
            standing.place(changing(model), self.kept)
            self.standing.kept_step = step
        patience = self.session.config["patience"]
        self.standing.stopped_early = bool(patience and self.standing.waited >= patience)

    def agree(self) -> None:
        """After an evaluation, of which only the first process knows."""
        (self.standing.stopped_early,) = self.together.told(self.standing.stopped_early)

    def on_save(self, *told: Any, **_more: Any) -> None:
        """The Trainer has written all its files: add ours, and move the folder to where it counts."""
        arguments, state, control = told
        step = state.global_step
        made = Path(arguments.output_dir) / f"checkpoint-{step}"
        for weights in (self.window, *(each for each in self.model.parameters() if each.requires_grad)):
            self._check(weights)
        self._share_window()
        self._stand(step)
        # Each has written how its own random numbers stand.
        self.together.wait()
        if self.together.is_first:
            self._publish(made, step)
        self.saved = clock.monotonic()
        control.should_training_stop = control.should_training_stop or self.standing.is_done

    def _publish(self, made: Path, step: int) -> None:
        self.standing.write(made)
        (made / "training_args.bin").unlink(missing_ok=True)
        if self.kept.is_file():
            shutil.copyfile(self.kept, made / standing.KEPT)
        standing.publish(made, self.session.checkpoints, step)

    def _stand(self, step: int) -> None:
        self.standing.step, self.standing.window = step, float(self.window)
        self.standing.seconds = self._seconds()
        self.standing.is_done = step >= self.plan.steps or self.standing.stopped_early

    def _seconds(self) -> float:
        """Of all attempts."""
        return self.seconds_before + clock.monotonic() - self.began

    def end(self, trainer: Tuner) -> Fitted:
        """Put the kept weights in place. Raises `Stopped` where the training isn't over, or others see to the rest."""
        self.together.part()
        if not self.standing.is_done:
            raise Stopped(f"Stopped after step {trainer.state.global_step}.")
        if not self.together.is_first:
            raise Stopped("The first process goes on alone.")
        restore(self.model, self.kept)
        return self._fitted(self.standing.step, trainer)

    def _fitted(self, step: int, trainer: Tuner) -> Fitted:
        taken = max(clock.monotonic() - self.began, 1e-9)
        return Fitted(
            steps=step,
            planned_steps=self.plan.steps,
            best_step=self.standing.kept_step,
            best_value=self.standing.best_value,
            metric=self.metric,
            stopped_early=self.standing.stopped_early,
            seconds=self.standing.seconds,
            examples_per_second=(step - self.first_step) * self.plan.batch / taken,
            precision="bfloat16" if trainer.args.bf16 else "float16" if trainer.args.fp16 else "float32",
            plan=self.plan,
            curves=self.standing.curves,
            clock=self.standing.clock,
        )


def changing(model: Any) -> dict[str, Any]:
    """What training changes: parameters with a gradient, and buffers."""
    found = [*model.named_parameters(), *model.named_buffers()]
    moved = [(name, each) for name, each in found if each.requires_grad or not isinstance(each, torch.nn.Parameter)]
    return {name: each.detach().cpu().contiguous().clone() for name, each in moved}


def restore(model: Any, kept: Path) -> None:
    """Put what `changing` gave back into the model."""
    own = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    with torch.no_grad():
        for name, value in load_file(kept).items():
            own[name].copy_(value)
