"""The pages of the demo hub that are looked at: in pictures, and by axe-core."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser import job_pages

MODEL = "/headstart/all-minilm-l6-v2"
LONG = "/ada/a-model-whose-name-is-so-long-that-it-must-break-somewhere-v1.5-instruct-q4"
COLLECTION = "/collections/ada/000000000000000000000001"
PUBLIC = {
    "home": "/",
    "models": "/models",
    "models-filtered": "/models?q=digits&licence=apache-2.0",
    "models-empty": "/models?q=unfindable",
    "models-unread": "/models?parameters_min=many&task=image-classification",
    "compare": "/compare?m=headstart/all-minilm-l6-v2&m=headstart/resnet50&m=vision-team/defect-detector",
    "compare-empty": "/compare",
    "compare-four": "/compare?"
    + "&".join(f"m=headstart/{name}" for name in ("all-minilm-l6-v2", "resnet50"))
    + "&m=vision-team/defect-detector&m=ada/film-reviews",
    "compare-none": "/compare?m=nobody/nothing",
    "glossary": "/glossary",
    "guide": "/guide",
    "licences": "/governance/licences",
    "licence-row": "/governance/licences/llama3.1",
    "datasets": "/datasets",
    "datasets-empty": "/datasets?q=unfindable",
    "card": MODEL,
    "card-long": LONG,
    "card-none": "/ada/untold",
    "dataset": "/datasets/headstart/digits",
    "files": f"{MODEL}/tree/main",
    "file-code": f"{MODEL}/blob/main/scripts/train.py",
    "file-markdown": f"{MODEL}/blob/main/docs/notes.md",
    "file-json": f"{MODEL}/blob/main/config.json",
    "file-audio": f"{MODEL}/blob/main/samples/hello.wav",
    "file-parquet": "/datasets/headstart/digits/blob/main/data/digits.parquet",
    "file-table": "/datasets/headstart/digits/blob/main/data/digits.csv",
    "file-image": f"{MODEL}/blob/main/assets/mark.png",
    "file-binary": f"{MODEL}/blob/main/model.safetensors",
    "lineage": f"{MODEL}/lineage",
    "lineage-none": "/ada/untold/lineage",
    "lineage-dataset": "/datasets/headstart/digits/lineage",
    "evaluations": "/ada/film-reviews/evaluations",
    "evaluations-none": "/ada/untold/evaluations",
    "leaderboard": "/datasets/headstart/digits/evaluations",
    "use": f"{MODEL}/use",
    "use-none": "/ada/untold/use",
    "versions": f"{MODEL}/commits/main",
    "rows": "/datasets/headstart/digits/rows/main/data/digits.csv",
    "compare-revisions": f"{MODEL}/compare/v1.0...main",
    "data": f"{MODEL}/data",
    "licence": f"{MODEL}/licence",
    "bias": f"{MODEL}/bias",
    "bias-inherited": "/ada/film-reviews/bias",
    "finding": f"{MODEL}/bias/3",
    "data-of-data": "/datasets/headstart/digits/data",
    "reach": "/datasets/headstart/digits/reach",
    "access-anonymous": f"{MODEL}/access",
    "commit": f"{MODEL}/commit/main",
    "review": f"{MODEL}/review",
    "review-none": f"{LONG}/review",
    "governance": "/governance",
    "review-approved": "/vision-team/sweep-03/review",
    "review-waiting": "/vision-team/sweep-05/review",
    "licence-conflict": "/vision-team/weld-chat/licence",
    "card-conflict": "/vision-team/weld-chat",
    "card-recalled": "/vision-team/old-detector",
    "card-approved": "/vision-team/sweep-03",
    "gated-anonymous": "/headstart/chat-base/access",
    "finding-of-data": "/datasets/headstart/digits/bias/1",
    "thresholds": "/governance/thresholds",
    "weights": f"{MODEL}/weights",
    "dossier": f"{MODEL}/dossier/main",
    "owner": "/vision-team",
    "person": "/ada",
    "likers": f"{MODEL}/likers",
    "collections": "/collections",
    "collection": COLLECTION,
    "sign-in": "/login",
    "missing": "/nobody/nothing",
    "components": "/ui/",
}
SIGNED_IN = {
    "home-signed-in": "/",
    "models-signed-in": "/models",
    "tokens": "/settings/tokens",
    "device": "/login/device",
    "ledger": "/ledger",
    "password": "/settings/password",
    "own-page": "/ada",
    "use-by-whom": f"{MODEL}/use",
    "own-organisation": "/headstart",
    "own-settings": "/settings",
    "profile": "/settings/profile",
    "organisation-profile": "/settings/organisations/headstart/profile",
    "notifications": "/notifications",
    "likes": "/likes",
    "desk": "/desk",
    "desk-empty": "/desk?q=unfindable",
    "review-to-decide": f"{MODEL}/review",
    "review-suspended": "/vision-team/sweep-01/review",
    "review-of-others": "/vision-team/defect-detector/review",
    "review-conflict": "/vision-team/weld-chat/review",
    "reviewers": "/governance/reviewers",
    "rules": "/governance/rules",
    "rule": "/governance/rules/P-12",
    "profiles": "/governance/profiles",
    "profile-of-consumers": "/governance/profiles/1",
    "waivers": "/governance/waivers",
    "recalls": "/governance/recalls",
    "recall": "/governance/recalls/1",
    "pulls": "/governance/pulls",
    "my-recalls": "/recalls",
    "governance-signed-in": "/governance",
    "conclude": "/vision-team/weld-chat/licence",
    "gated": "/headstart/chat-base/access",
    "gated-requests": "/headstart/chat-base/settings/access",
    "own-collection": COLLECTION,
    "edit-collection": f"{COLLECTION}/edit",
    "new-collection": "/collections/new",
    "collect": f"{MODEL}/collect",
    "new-model": "/new/model",
    "new-dataset": "/new/dataset",
    "new-organisation": "/new/organisation",
    "card-writer": MODEL,
    "upload": f"{MODEL}/upload/main",
    "edit-card": f"{MODEL}/edit/main/README.md",
    "edit-text": f"{MODEL}/edit/main/scripts/train.py",
    "delete-file": f"{MODEL}/delete/main/scripts/train.py",
    "data-edit": f"{MODEL}/data/edit",
    "use-record": f"{MODEL}/use-record/edit",
    "finding-new": f"{MODEL}/bias/new",
    "finding-edit": f"{MODEL}/bias/3/edit",
    "finding-writer": f"{MODEL}/bias/3",
    "settings": f"{MODEL}/settings",
    "access": f"{MODEL}/access",
    "access-requests": f"{MODEL}/settings/access",
    "agreements": "/agreements",
    "members": "/settings/organisations/vision-team",
    **job_pages.PAGES,
}
# Those of whom the hub belongs to.
ADMIN = {
    "workers-admin": "/workers",
    "budget-admin": "/settings/budgets/ada",
    "rules-admin": "/governance/rules",
    "rule-admin": "/governance/rules/P-12",
    "profiles-admin": "/governance/profiles",
    "recalls-admin": "/governance/recalls",
    "recall-admin": "/governance/recalls/1",
    "pulls-admin": "/governance/pulls",
    "thresholds-admin": "/governance/thresholds",
    "licence-row-admin": "/governance/licences/llama3.1",
    "reviewers-admin": "/governance/reviewers",
    "ledger-admin": "/ledger",
}


def _suggest(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("mini")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")


def _tick(page: Page) -> None:
    page.get_by_role("checkbox", name="Compare headstart/resnet50").check()


# What a page looks like after something was done on it; somebody is signed in.
DONE: dict[str, tuple[str, Callable[[Page], object]]] = {
    "suggestions": ("/glossary", _suggest),
    "compare-bar": ("/models", _tick),
    "models-page-2": ("/models", lambda page: page.get_by_role("link", name="Next page").click()),
    "account-menu": ("/likes", lambda page: page.get_by_role("button", name="Your account").click()),
}
