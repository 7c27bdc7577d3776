"""The site's addresses. Names of owners come last: they give way to every fixed word."""

from typing import Any

from django.urls import URLPattern, path

from hub.web import community_urls, desk_urls, governance_urls, jobs_urls
from hub.web.http import page
from hub.web.views import (
    compare,
    device,
    discover,
    files,
    gallery,
    home,
    lists,
    owner,
    repo,
    rows,
    session,
    stated,
    story,
    tokens,
    weights,
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
        path(f"{at}/data", page(stated.data), told, name=f"{kind}_data"),
        path(f"{at}/bias", page(stated.bias), told, name=f"{kind}_bias"),
        path(f"{at}/rows/<seg:revision>/<rest:path>", page(rows.rows), told, name=f"{kind}_rows"),
        path(f"{at}/compare", page(compare.choose), told, name=f"{kind}_choose"),
        path(f"{at}/compare/<seg:pair>", page(compare.compare), told, name=f"{kind}_compare"),
        path(f"{at}/commits/<seg:revision>", page(repo.versions), told, name=f"{kind}_versions"),
        path(f"{at}/commit/<seg:oid>", page(repo.commit), told, name=f"{kind}_commit"),
        *community_urls.of_repository(at, told),
        path(f"{at}/lineage", page(story.lineage), told, name=f"{kind}_lineage"),
        path(f"{at}/evaluations", page(story.evaluations), told, name=f"{kind}_evaluations"),
        path(f"{at}/use", page(story.use), told, name=f"{kind}_use"),
        *desk_urls.repository(at, told),
        *governance_urls.repository(at, told),
        *jobs_urls.repository(at, told),
    ]


urlpatterns = [
    path("", page(home.home), name="home"),
    path("models", page(lists.repositories), {"kind": "model"}, name="models"),
    path("datasets", page(lists.repositories), {"kind": "dataset"}, name="datasets"),
    path("search/suggestions", page(discover.suggestions), name="suggestions"),
    path("compare", page(discover.compare), name="compare"),
    path("glossary", page(discover.glossary), name="glossary"),
    path("guide", page(discover.guide), name="guide"),
    path("login", page(session.sign_in, methods=_POST), name="login"),
    path("login/device", page(device.device, methods=_POST, signed_in=True), name="device"),
    path("logout", page(session.sign_out, methods=("POST",)), name="logout"),
    path("settings/password", page(session.password, methods=_POST, signed_in=True), name="password"),
    path("settings/tokens", page(tokens.tokens, methods=_POST, signed_in=True), name="tokens"),
    path(
        "settings/tokens/<str:public_id>/revoke",
        page(tokens.revoke, methods=("POST",), signed_in=True),
        name="revoke_token",
    ),
    *community_urls.urlpatterns,
    *desk_urls.SITE,
    *governance_urls.SITE,
    *jobs_urls.SITE,
    path("ui/", page(gallery.components), name="ui"),
    path("favicon.ico", page(gallery.favicon), name="favicon"),
    *_repository("dataset", "datasets/"),
    path("<seg:owner>/<seg:name>/weights", page(weights.weights), name="weights"),
    path("<seg:owner>/<seg:name>/weights/<seg:revision>", page(weights.weights), name="weights_at"),
    *_repository("model", ""),
    path("<seg:name>", page(owner.owner), name="owner"),
]
