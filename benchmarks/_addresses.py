"""The addresses that `benchmarks.pages` asks for: by page, whether signed in, and one for each of several names."""

from collections.abc import Iterable
from urllib.parse import quote

from benchmarks._hard import HARD

Addresses = dict[str, tuple[bool, list[str]]]
TABS = ("lineage", "evaluations", "data", "licence", "bias", "use", "likers", "compare")
SITE = {
    "home": "/",
    "models": "/models",
    "data sets": "/datasets",
    "glossary": "/glossary",
    "guide": "/guide",
    "gallery": "/ui/",
    "sign in": "/login",
    "collections": "/collections",
    "feed of models": "/feeds/models.atom",
    "feed of data sets": "/feeds/datasets.atom",
}
OWN = {
    "home, signed in": "/",
    "notifications": "/notifications",
    "likes": "/likes",
    "settings": "/settings",
    "profile": "/settings/profile",
    "tokens": "/settings/tokens",
    "own collections": "/collections",
    "new collection": "/collections/new",
    "new model": "/new/model",
}
WIRE = {
    "wire: tags by type": "/api/models-tags-by-type",
    "wire: tags of data sets": "/api/datasets-tags-by-type",
    "wire: models": "/api/models?limit=100",
    "wire: models, full": "/api/models?limit=100&full=true",
    "wire: models, full, by name": "/api/models?limit=100&full=true&search=bert",
}


def addresses(count: int) -> Addresses:
    models, data, owners = _models(count), _datasets(count), _owners(count)
    found: Addresses = {page: (False, [path] * 5) for page, path in SITE.items()}
    found |= {page: (True, [path] * 5) for page, path in OWN.items()}
    found |= _of_repositories("model", models) | _of_repositories("data set", [f"datasets/{name}" for name in data])
    found["model: weights"] = (False, [f"/{name}/weights" for name in models])
    found["model: card, signed in"] = (True, [f"/{name}" for name in models[count // 2 :]])
    found["compare four"] = (False, [_compare(models[at : at + 4]) for at in range(0, len(models) - 3, 4)])
    found["owner"] = (False, [f"/{name}" for name in owners])
    found["feed of an owner"] = (False, [f"/feeds/{name}.atom" for name in owners])
    found["wire: info"] = (False, [f"/api/models/{name}" for name in models])
    found |= _most_made_from() | _leaderboards() | _hard()
    return found | {page: (False, [path] * 5) for page, path in WIRE.items()}


def _of_repositories(kind: str, names: Iterable[str]) -> Addresses:
    found = {f"{kind}: card": (False, [f"/{name}" for name in names])}
    found |= {f"{kind}: {tab}": (False, [f"/{name}/{tab}" for name in names]) for tab in TABS}
    for page, path in (
        ("files", "tree/main"),
        ("file", "blob/main/README.md"),
        ("versions", "commits/main"),
        ("commit", "commit/main"),
    ):
        found[f"{kind}: {page}"] = (False, [f"/{name}/{path}" for name in names])
    return found


def _hard() -> Addresses:
    from hub.catalog.models import Repo

    if not Repo.objects.filter(key=f"{HARD}/base").exists():
        return {}
    base, data = f"/{HARD}/base", f"/datasets/{HARD}/data"
    paths = {
        **{
            f"hard base: {tab}": f"{base}/{tab}"
            for tab in (
                *TABS,
                "weights",
                "tree/main",
                "tree/main/data",
                "blob/main/train.py",
                "blob/main/README.md",
                "commit/main",
            )
        },
        **{
            f"hard data: {tab}": f"{data}/{tab}"
            for tab in (*TABS, "tree/main", "blob/main/rows.csv", "rows/main/rows.csv")
        },
        "hard data: last rows": f"{data}/rows/main/rows.csv?row=199000",
        "hard history": f"/{HARD}/history/commits/main",
        "hard history, files": f"/{HARD}/history/tree/main",
        "hard base: card": base,
        "hard data: card": data,
    }
    found: Addresses = {page: (False, [path] * 5) for page, path in paths.items()}
    found["hard cards"] = (False, [f"/{HARD}/card-{number}" for number in range(1, 9)])
    return found


def _compare(names: list[str]) -> str:
    return "/compare?" + "&".join(f"m={quote(name)}" for name in names)


def _models(count: int) -> list[str]:
    """Half of them the most pulled ones, half from all over."""
    from hub.catalog.models import Repo

    rows = (
        Repo.objects.filter(kind="model", visibility="public", gate="")
        .exclude(owner__name=HARD)
        .select_related("owner")
    )
    most = list(rows.order_by("-downloads")[: count // 2])
    last = rows.order_by("-pk").values_list("pk", flat=True).first() or 0
    spread = (rows.filter(pk__gte=last * at // (count // 2)).order_by("pk").first() for at in range(count // 2))
    return list(dict.fromkeys(repo.full_name for repo in [*most, *spread] if repo))


def _datasets(count: int) -> list[str]:
    from hub.catalog.models import Repo

    rows = Repo.objects.filter(kind="dataset", visibility="public").select_related("owner").order_by("-downloads")
    return [repo.full_name for repo in rows[:count]]


def _owners(count: int) -> list[str]:
    from django.db.models import Count

    from hub.accounts.models import Namespace

    return list(
        Namespace.objects.annotate(n=Count("repos")).order_by("-n").values_list("name", flat=True)[: count // 2]
    )


def _most_made_from() -> Addresses:
    from django.db.models import Count

    from hub.catalog.models import Ancestor, Repo

    rows = Ancestor.objects.values_list("kind", "key").annotate(n=Count("pk")).order_by("-n")[:60]
    here = {(repo.kind, repo.key) for repo in Repo.objects.filter(key__in=[key for _, key, _ in rows])}
    found = [("datasets/" if kind == "dataset" else "") + key for kind, key, _ in rows if (kind, key) in here][:20]
    return {
        f"most made from: {tab or 'card'}": (False, [f"/{name}/{tab}".rstrip("/") for name in found])
        for tab in ("", "lineage")
    }


def _leaderboards() -> Addresses:
    from django.db.models import Count

    from hub.catalog.models import Repo, ReportedResult

    rows = ReportedResult.objects.values_list("dataset").annotate(n=Count("pk")).order_by("-n")[:60]
    keys = [name.lower() for name, _ in rows]
    here = Repo.objects.filter(kind="dataset", key__in=keys).select_related("owner")
    return {"leaderboards": (False, [f"/datasets/{repo.full_name}/evaluations" for repo in here][:20])}
