"""The site's addresses. Names of owners come last: they give way to every fixed word."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import endpoint, page
from hub.web.views import (
    edit,
    files,
    gallery,
    home,
    lists,
    new,
    organisation,
    owner,
    repo,
    session,
    settings,
    tokens,
    upload,
)

app_name = "web"
_POST = ("GET", "HEAD", "POST")


def _repository(kind: str, prefix: str) -> list[URLPattern]:
    """The pages of one repository, for models and for data sets."""
    at = f"{prefix}<seg:owner>/<seg:name>"
    told: dict[str, Any] = {"kind": kind}
    return [
        path(at, page(repo.card), told, name=kind),
        path(f"{at}/tree/<seg:revision>", page(files.tree), told, name=f"{kind}_files"),
        path(f"{at}/tree/<seg:revision>/<rest:path>", page(files.tree), told, name=f"{kind}_folder"),
        path(f"{at}/blob/<seg:revision>/<rest:path>", page(files.file), told, name=f"{kind}_file"),
        path(f"{at}/commits/<seg:revision>", page(repo.versions), told, name=f"{kind}_versions"),
        path(f"{at}/commit/<seg:oid>", page(repo.commit), told, name=f"{kind}_commit"),
        *_desk(kind, at, told),
    ]


def _desk(kind: str, at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Where those who may change a repository do so."""
    up = f"{at}/upload/<seg:revision>"
    return [
        path(f"{at}/settings", page(settings.settings, methods=_POST, signed_in=True), told, name=f"{kind}_settings"),
        path(up, page(upload.upload, methods=_POST, signed_in=True), told, name=f"{kind}_upload"),
        path(f"{up}/begin", endpoint(upload.begin), told),
        path(f"{up}/part/<str:upload>/<int:number>", endpoint(upload.part, method="PUT"), told),
        path(f"{up}/ready", endpoint(upload.ready), told),
        path(f"{up}/commit", endpoint(upload.commit), told),
        path(f"{at}/edit/<seg:revision>/<rest:path>", page(edit.edit, methods=_POST, signed_in=True), told),
        path(f"{at}/delete/<seg:revision>/<rest:path>", page(edit.delete, methods=_POST, signed_in=True), told),
    ]


urlpatterns = [
    path("", page(home.home), name="home"),
    path("models", page(lists.repositories), {"kind": "model"}, name="models"),
    path("datasets", page(lists.repositories), {"kind": "dataset"}, name="datasets"),
    path("login", page(session.sign_in, methods=_POST), name="login"),
    path("logout", page(session.sign_out, methods=("POST",)), name="logout"),
    path("settings/password", page(session.password, methods=_POST, signed_in=True), name="password"),
    path("settings/tokens", page(tokens.tokens, methods=_POST, signed_in=True), name="tokens"),
    path(
        "settings/tokens/<str:public_id>/revoke",
        page(tokens.revoke, methods=("POST",), signed_in=True),
        name="revoke_token",
    ),
    path("new/model", page(new.repository, methods=_POST, signed_in=True), {"kind": "model"}, name="new_model"),
    path("new/dataset", page(new.repository, methods=_POST, signed_in=True), {"kind": "dataset"}, name="new_dataset"),
    path("new/organisation", page(new.organisation, methods=_POST, signed_in=True), name="new_organisation"),
    path(
        "settings/organisations/<seg:name>",
        page(organisation.organisation, methods=_POST, signed_in=True),
        name="organisation",
    ),
    path("ui/", page(gallery.components), name="ui"),
    path("favicon.ico", page(gallery.favicon), name="favicon"),
    *_repository("dataset", "datasets/"),
    *_repository("model", ""),
    path("<seg:name>", page(owner.owner), name="owner"),
]
