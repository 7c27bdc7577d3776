"""The wire's addresses. The clients fix them; a fixed word goes before a name."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from hub.protocol import (
    access,
    access_report,
    cards,
    collections,
    commit,
    copies,
    device,
    identity,
    info,
    leaderboard,
    lfs,
    likes,
    listing,
    people,
    preupload,
    refs,
    repos,
    resolve,
    short,
    stored,
    tree,
)
from hub.protocol.serialize import PREFIXES
from hub.protocol.wire import by_method


class Kinds:
    """`models` and `datasets`, as the kind of repository they list."""

    regex = "models|datasets"

    def to_python(self, value: str) -> str:
        return value.removesuffix("s")

    def to_url(self, value: str) -> str:
        return f"{value}s"


class OtherKinds(Kinds):
    """What clients know and this hub doesn't keep."""

    regex = "spaces|kernels|buckets"

    def to_python(self, value: str) -> str:
        return value


class Verbs(StringConverter):
    """What clients ask of a repository of a one-part name, each with a revision."""

    regex = "revision|tree|paths-info|commits|preupload|commit|branch|tag|xet-read-token|xet-write-token|super-squash"


register_converter(Verbs, "verbs")
register_converter(Kinds, "kinds")
register_converter(OtherKinds, "otherkinds")

app_name = "protocol"
_REPO = "api/<kinds:kind>/<seg:owner>/<seg:name>"
_COLLECTION = "api/collections/<seg:owner>/<seg:name>"
_SHORT = "api/<kinds:kind>/<seg:name>"


def _files_of(kind: str) -> list[URLPattern]:
    """Addresses outside of api/: bytes, git-lfs, and what people of other hubs do about gates."""
    told, prefix = {"kind": kind}, PREFIXES[kind]
    return [
        path(f"{prefix}<seg:owner>/<seg:name>/resolve/<seg:revision>/<rest:path>", resolve.resolve, told),
        path(f"{prefix}<seg:owner>/<seg:name>.git/info/lfs/objects/batch", lfs.batch, told),
        path(f"{prefix}<seg:owner>/<seg:name>.git/info/lfs/objects/verify", lfs.verify, told),
        path(f"{prefix}<seg:owner>/<seg:name>/ask-access", access.ask, told),
        path(f"{prefix}<seg:owner>/<seg:name>/user-access-report", access_report.report, told),
        path(f"{prefix}<seg:name>/resolve/<seg:revision>/<rest:path>", short.short, told),
        path(f"{prefix}<seg:name>.git/info/lfs/objects/batch", short.short, told),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("oauth/device", device.begin),
    path("oauth/token", device.token),
    path("api/whoami-v2", identity.whoami),
    path("api/agent-harnesses", identity.agent_harnesses),
    path("api/telemetry/<rest:topic>", identity.telemetry),
    path("api/users/<seg:name>/overview", people.user_overview),
    path("api/users/<seg:name>/likes", likes.likes_of_user),
    path("api/users/<seg:name>/followers", people.user_followers),
    path("api/users/<seg:name>/following", people.following),
    path("api/organizations/<seg:name>/overview", people.organisation_overview),
    path("api/organizations/<seg:name>/members", people.organisation_members),
    path("api/settings/repositories", stored.repositories),
    path("api/organizations/<seg:name>/settings/repositories", stored.repositories),
    path("api/organizations/<seg:name>/followers", people.organisation_followers),
    path("api/collections", by_method(GET=collections.listing, POST=collections.create)),
    path(_COLLECTION, by_method(GET=collections.read, PATCH=collections.update, DELETE=collections.delete)),
    path(f"{_COLLECTION}/items", collections.add_item),
    path(
        f"{_COLLECTION}/items/<seg:item>",
        by_method(PATCH=collections.update_item, DELETE=collections.remove_item),
    ),
    path("api/validate-yaml", cards.validate),
    path("api/repos/create", repos.create),
    path("api/repos/delete", repos.delete),
    path("api/repos/move", repos.move),
    path("api/lfs/put/<seg:ticket>", lfs.put),
    path("api/lfs/complete/<seg:ticket>", lfs.complete),
    path("api/lfs/get/<seg:ticket>", lfs.get),
    path("api/<kinds:kind>", listing.listing),
    path("api/models-tags-by-type", listing.tags_by_type, {"kind": "model"}),
    path("api/datasets-tags-by-type", listing.tags_by_type, {"kind": "dataset"}),
    path("api/spaces", listing.nothing_of_that_kind),
    path(_REPO, info.info),
    path(f"{_REPO}/revision/<seg:revision>", info.info),
    path(f"{_REPO}/tree/<seg:revision>", tree.tree),
    path(f"{_REPO}/tree/<seg:revision>/", tree.tree),
    path(f"{_REPO}/tree/<seg:revision>/<rest:path>", tree.tree),
    path(f"{_REPO}/paths-info/<seg:revision>", tree.paths_info),
    path(f"{_REPO}/refs", refs.refs),
    path(f"{_REPO}/commits/<seg:revision>", refs.commits),
    path(f"{_REPO}/branch/<seg:branch>", refs.branch),
    path(f"{_REPO}/tag/<seg:revision>", refs.tag),
    path(f"{_REPO}/preupload/<seg:revision>", preupload.preupload),
    path(f"{_REPO}/commit/<seg:revision>", commit.commit),
    path(f"{_REPO}/super-squash/<seg:branch>", copies.squash),
    path(f"{_REPO}/duplicate", copies.duplicate),
    path(f"{_REPO}/lfs-files", stored.large_files),
    path(f"{_REPO}/lfs-files/batch", short.nothing_is_forgotten),
    path(f"{_REPO}/lfs-files/duplicate", copies.take_over),
    path(f"{_REPO}/settings", repos.settings),
    path(f"{_REPO}/auth-check", repos.auth_check),
    path(f"{_REPO}/user-access-request/handle", access.handle),
    path(f"{_REPO}/user-access-request/grant", access.grant),
    path(f"{_REPO}/user-access-request/<str:status>", access.listing),
    path(f"{_REPO}/leaderboard", leaderboard.leaderboard),
    path(f"{_REPO}/auth-check/<str:what>", repos.auth_check),
    path(f"{_REPO}/like", by_method(POST=likes.like, DELETE=likes.unlike)),
    path(f"{_REPO}/likers", likes.likers),
    path(f"{_REPO}/discussions", short.no_discussions),
    path(f"{_REPO}/discussions/<rest:rest>", short.no_discussions),
    path("", include("hub.protocol.xet_urls")),
    path("", include("hub.protocol.job_urls")),
    path(_SHORT, short.short),
    path(f"{_SHORT}/<verbs:verb>/<seg:revision>", short.short),
    path(f"{_SHORT}/<verbs:verb>/<seg:revision>/<rest:path>", short.short),
    path(f"{_REPO}/<rest:rest>", short.no_such_part),
    path("api/<otherkinds:other>", short.no_such_kind),
    path("api/<otherkinds:other>/<rest:rest>", short.no_such_kind),
    path("<otherkinds:other>/<seg:owner>/<seg:name>/resolve/<rest:rest>", short.no_such_kind),
    *_files_of("dataset"),
    *_files_of("model"),
]
# Last: what begins with api/ gets an answer that programs can read.
urlpatterns.append(path("api/<rest:rest>", short.no_such_call))
