"""Everything a start changes on disk, in a process of its own (`python -m hub.cli.prepare`), so that the supervisor
stays small: migrations, the site's static files, and at the first start the accounts. Says what it did as JSON."""

import hashlib
import json
import os
import secrets
import sys
from pathlib import Path
from typing import Any

import click
import django

# So many repositories are indexed within a second or two, and so many read anew within seconds.
_FEW = 2_000
_READ_AT_ONCE = 200
# The worker that `headstart up` runs beside the hub.
LOCAL_WORKER = "local"


def main() -> None:
    django.setup()
    from hub.core.errors import HubError

    try:
        migrate()
        collect_static()
        first_admin = create_first_admin()
        token = seeding_token()
        worker = worker_token()
        index_a_small_hub()
        signing_key()
    except HubError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(json.dumps({"admin": first_admin, "token": str(token), "worker": str(worker)}))


def migrate() -> None:
    """Bring the database to this version, if it isn't there yet."""
    if not pending_migrations():
        return
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def pending_migrations() -> list[str]:
    """Names of the migrations that this database has not had."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def collect_static() -> None:
    """Gather and compress the static files, unless they are what was gathered last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    mark = root / ".gathered"
    if mark.exists() and mark.read_text() == digest.hexdigest():
        return
    root.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0, clear=True)
    mark.write_text(digest.hexdigest())


def create_first_admin() -> dict[str, str] | None:
    """Make `root` with a password for one use, if this hub has no administrator yet (`admin` is an address)."""
    from hub.accounts import selectors, services

    if selectors.has_admin():
        return None
    password = one_time_password()
    services.create_user(
        by=services.SYSTEM, username="root", password=password, must_change_password=True, is_admin=True
    )
    return {"name": "root", "password": password}


def seeding_token() -> Path:
    """The file with the token of the robot that fills the catalog, in the name of the curated organisation."""
    from django.conf import settings

    path = Path(settings.DATA_DIR) / "seed_token"
    if path.exists():
        return path
    robot = _curated_robot(settings.CURATED_OWNER)
    from hub.accounts import services

    _, secret = services.issue_token(
        by=services.SYSTEM, user=robot, label="fill the catalog", scope=services.AccessToken.Scope.WRITE
    )
    _keep_secret(path, secret)
    return path


def worker_token() -> Path:
    """The file with the token of the worker that `headstart up` runs on this machine."""
    from django.conf import settings

    from hub.accounts.services import SYSTEM
    from hub.jobs.services import workers

    path = Path(settings.DATA_DIR) / "worker_token"
    if not path.exists():
        # A name is taken for ever: where the file was lost, the next one differs.
        name = LOCAL_WORKER if not _knows_worker(LOCAL_WORKER) else f"{LOCAL_WORKER}-{secrets.token_hex(3)}"
        _, secret = workers.add_worker(by=SYSTEM, name=name)
        _keep_secret(path, secret)
    return path


def _knows_worker(name: str) -> bool:
    from hub.jobs.selectors.workers import all_workers

    return any(worker.name == name for worker in all_workers())


def _keep_secret(path: Path, secret: str) -> None:
    """Whole, and readable by its owner alone."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
    part.replace(path)


def signing_key() -> None:
    """The hub's key is there before anybody asks for it."""
    from hub.core import signing

    signing.key_id()


def index_a_small_hub() -> None:
    """So that the first page has its facts and its index; a large hub's are brought up to date by the worker while
    names can be opened already."""
    from hub.catalog import services

    services.read_outdated_cards(limit=_READ_AT_ONCE)
    services.index_now(most=_FEW)


def one_time_password() -> str:
    """Three groups of five, 74 random bits, without letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(5)) for _ in range(3))


def _curated_robot(owner: str) -> Any:
    """The robot, a member of the organisation `owner`; both are made if missing."""
    from hub.accounts import selectors, services
    from hub.accounts.errors import NoSuchAccount

    try:
        organisation = selectors.find_organisation(owner)
    except NoSuchAccount:
        organisation = services.create_organisation(by=services.SYSTEM, name=owner, full_name="Curated models")
    try:
        robot = selectors.find_user(f"{owner}-seeds")
    except NoSuchAccount:
        robot = services.create_user(by=services.SYSTEM, username=f"{owner}-seeds", kind=services.User.Kind.ROBOT)
    services.set_membership(by=services.SYSTEM, organisation=organisation, user=robot, role=services.Role.WRITE)
    return robot


if __name__ == "__main__":
    main()
