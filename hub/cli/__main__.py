"""The hub's commands alone, without the SDK's: `python -m hub.cli up`."""

import click

from hub.cli import commands

if __name__ == "__main__":
    click.Group("hub", commands=commands)(prog_name="python -m hub.cli")
