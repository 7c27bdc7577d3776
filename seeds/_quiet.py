"""Keep transformers' bars and hints out of the progress lines."""


def quiet() -> None:
    """Call at the start of a build that uses transformers: only its errors are shown from then on."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
