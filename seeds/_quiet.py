"""Keep other libraries' bars, hints and warnings out of the progress lines."""

import contextlib
import io
import warnings
from collections.abc import Iterator


def quiet() -> None:
    """Call at the start of a build that uses transformers: only its errors are shown from then on."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()


@contextlib.contextmanager
def hushed() -> Iterator[None]:
    """What Python code writes to the terminal meanwhile is dropped. What goes wrong is raised, so nothing is lost."""
    with (
        warnings.catch_warnings(),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        warnings.simplefilter("ignore")
        yield
