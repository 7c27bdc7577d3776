"""What `headstart` gains where the hub is installed: start it, administer it.

Only click and the standard library are imported here, so that `headstart --help` is quick; Django loads when a command
needs it.
"""

import click

from hub.cli.accounts import org, token, user
from hub.cli.budgets import budget
from hub.cli.doctor import doctor
from hub.cli.index import index, reindex
from hub.cli.keys import key
from hub.cli.ledger import audit
from hub.cli.reviewers import reviewer
from hub.cli.scan import scan
from hub.cli.storage import gc, scrub
from hub.cli.up import up
from hub.cli.workers import worker_token

commands: list[click.Command] = [
    up,
    user,
    org,
    token,
    reviewer,
    worker_token,
    budget,
    doctor,
    gc,
    scrub,
    scan,
    reindex,
    index,
    audit,
    key,
]
