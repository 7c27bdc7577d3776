"""pull, push, verify, lock, sync."""

from pathlib import Path
from typing import Any

import click

import sdk
from sdk.cli._options import hub_options, json_option, kind_option, pattern_options, print_json


@click.command()
@click.argument("name")
@click.option("--revision", metavar="REV", help="Branch, tag or commit. Default: main.")
@click.option("--purpose", default="", metavar="WORD", help="What it is for, as your profile on the hub knows it.")
@click.option("--no-verify", is_flag=True, help="Don't compare digests.")
@click.option("--offline", is_flag=True, default=None, help="Ask nobody; use what is on this machine.")
@pattern_options
@kind_option
@hub_options
@json_option
def pull(*, allow: tuple[str, ...], ignore: tuple[str, ...], no_verify: bool, as_json: bool, **options: Any) -> None:
    """Bring a model here, verified, and print the folder it is in."""
    pulled: sdk.Model | sdk.Dataset = sdk.pull(
        allow=allow or None, ignore=ignore or None, verify=not no_verify, **options
    )
    if as_json:
        print_json(pulled)
        return
    size = sum(file.size for file in pulled.files)
    click.echo(f"{pulled.name} at {pulled.commit[:12]}: {len(pulled.files)} files, {size:,} bytes", err=True)
    if pulled.decision:
        told = pulled.decision
        click.echo(f"decision: {told.outcome} (profile {told.profile}, {told.environment})", err=True)
    click.echo(f"licence: {pulled.license or 'none named in the card'}", err=True)
    click.echo(pulled.path)


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.argument("name")
@click.option("--message", "-m", metavar="TEXT", help="What changed.")
@click.option(
    "--card", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A card to merge into README.md."
)
@click.option("--revision", metavar="BRANCH", help="Push to this branch. Default: main.")
@click.option("--private/--public", default=None, help="Who may see it. Default: as it is, or as its owner's default.")
@kind_option
@hub_options
@json_option
def push(*, folder: Path, as_json: bool, **options: Any) -> None:
    """Bring a folder (or a file) to the hub in one commit, and print its page's address."""
    done = sdk.push(folder, **options)
    if as_json:
        print_json(done)
        return
    what = f"{len(done.uploaded)} sent, {len(done.copied)} copied, {len(done.unchanged)} unchanged"
    click.echo(f"{done.name} at {done.commit[:12]}: {what}", err=True)
    click.echo(done.url)


def _signature_lines(one: sdk.Verified) -> list[str]:
    """The state of the signatures that were kept, in words."""
    lines = [f"signed by key {each.key[:16]}, with {len(each.reviews)} review statements" for each in one.signed]
    if unsigned := len(one.commits) - len(one.signed) - len(one.faults):
        lines.append(f"no signature was kept of {unsigned} of {len(one.commits)} commits")
    return [*lines, *one.faults]


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--revision", metavar="REV", help="Branch, tag or commit. Default: main.")
@click.option("--hub", metavar="URL", help="The hub's address.")
@kind_option
@json_option
def verify(names: tuple[str, ...], revision: str | None, hub: str | None, kind: Any, as_json: bool) -> None:
    """Read again what was pulled, and compare every byte's digest. Exit code 5 if a file is damaged."""
    found = [sdk.verify(name, revision, kind=kind, hub=hub) for name in names]
    if as_json:
        print_json(found)
    else:
        for one in found:
            click.echo(f"{one.name}: {one.checked} files checked, {len(one.damaged)} damaged")
            for path in one.damaged:
                click.echo(f"  damaged: {path} (taken out; pull again to bring it anew)")
            for line in _signature_lines(one):
                click.echo(f"  {line}")
    if not all(one.is_good for one in found):
        raise SystemExit(5)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--file", "path", default="headstart.lock", show_default=True, type=click.Path(dir_okay=False))
@click.option("--revision", metavar="REV", help="Branch, tag or commit. Default: main.")
@pattern_options
@kind_option
@hub_options
def lock(*, path: str, allow: tuple[str, ...], ignore: tuple[str, ...], **options: Any) -> None:
    """Pin names to the commits and digests they are at now; without names, renew all that the file pins."""
    pinned = sdk.lock(path, allow=allow or None, ignore=ignore or None, **options)
    for one in pinned:
        click.echo(f"{one.name} at {one.commit[:12]}: {len(one.files)} files", err=True)
    click.echo(path)


@click.command()
@click.option("--file", "path", default="headstart.lock", show_default=True, type=click.Path(dir_okay=False))
@click.option("--offline", is_flag=True, default=None, help="Ask nobody; everything must be on this machine.")
@click.option("--token", metavar="TOKEN", help="Access token.")
@click.option("--purpose", default="", metavar="WORD", help="What it is for, as your profile on the hub knows it.")
@json_option
def sync(path: str, offline: bool | None, token: str | None, purpose: str, as_json: bool) -> None:
    """Pull exactly what the lockfile pins."""
    pulled = sdk.sync(path, offline=offline, token=token, purpose=purpose)
    if as_json:
        print_json(pulled)
        return
    for name, one in pulled.items():
        click.echo(f"{name}\t{one.path}")
