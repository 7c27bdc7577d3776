"""The command `headstart`."""

from sdk.cli._main import main

__all__ = ["main"]
