"""The components of jobs with made-up content."""

import datetime as dt
from dataclasses import dataclass

from hub.core import clock
from hub.web.pages.budgets import Device, Share
from hub.web.pages.job_words import Standing
from hub.web.pages.jobs import Row
from hub.web.pages.links import Link
from hub.web.pages.order_verdict import Fault, Part, Verdict

_LINK = Link("ada", "#job")
_STATES = (
    Standing("queued", "Waiting for a worker", "", is_over=False, is_held=False),
    Standing("running", "Running", "accent", is_over=False, is_held=True),
    Standing("succeeded", "Succeeded", "ok", is_over=True, is_held=False),
    Standing("failed", "Failed", "bad", is_over=True, is_held=False),
)
_SAID = ("", "2 minutes left", "ada/digits-resnet", "The column label holds “scratch”, which the model doesn't know.")


@dataclass(frozen=True)
class Jobs:
    rows: tuple[Row, ...]
    device: Device
    verdict: Verdict
    log: str = "step  80 of 300  loss 0.4370\nstep  90 of 300  loss 0.3988"


def build() -> Jobs:
    moment = clock.now() - dt.timedelta(minutes=20)
    pairs = zip(_STATES, _SAID, strict=True)
    return Jobs(tuple(_row(state, said, moment) for state, said in pairs), _device(moment), _verdict())


def _row(state: Standing, said: str, moment: dt.datetime) -> Row:
    share = 62 if state.is_held else None
    return Row("Fine-tune of resnet50 on digits", "#job", "Fine-tune", state, said, share, _LINK, moment)


def _device(moment: dt.datetime) -> Device:
    return Device(
        name="gpu-80",
        about="a GPU of 80 GB",
        left="8 hours left",
        tone="ok",
        used=7_200.0,
        most=36_000,
        told="2 hours of 10 hours used",
        shares=(Share(_LINK, "3", "1 hour 20 minutes"), Share(Link("grace", "#job"), "1", "40 minutes")),
        set_by="root",
        set_at=moment,
        renews_at=moment + dt.timedelta(days=30),
    )


def _verdict() -> Verdict:
    faults = (Fault("No column was found for Text.", "Name one of: review, label.", "columns.text", "#job"),)
    parts = (
        Part("Licence", "scales", "With the names and notices of its sources", "ok", ("The result's: apache-2.0",)),
        Part("Memory", "weight", "About 1.1 GB", "", ("weights: 4 × 25,600,000 bytes",), is_folded=True),
    )
    return Verdict("1 thing stands in its way", "bad", faults, (), parts, (), ())
