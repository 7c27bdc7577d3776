"""The pages of the demo hub that are looked at: in pictures, and by axe-core."""

MODEL = "/headstart/all-minilm-l6-v2"
LONG = "/ada/a-model-whose-name-is-so-long-that-it-must-break-somewhere-v1.5-instruct-q4"
PUBLIC = {
    "home": "/",
    "models": "/models",
    "models-filtered": "/models?q=digits&licence=apache-2.0",
    "models-empty": "/models?q=unfindable",
    "datasets": "/datasets",
    "card": MODEL,
    "card-long": LONG,
    "card-none": "/ada/untold",
    "dataset": "/datasets/headstart/digits",
    "files": f"{MODEL}/tree/main",
    "file-code": f"{MODEL}/blob/main/scripts/train.py",
    "file-table": "/datasets/headstart/digits/blob/main/data/digits.csv",
    "file-image": f"{MODEL}/blob/main/assets/mark.png",
    "file-binary": f"{MODEL}/blob/main/model.safetensors",
    "versions": f"{MODEL}/commits/main",
    "commit": f"{MODEL}/commit/main",
    "owner": "/vision-team",
    "sign-in": "/login",
    "missing": "/nobody/nothing",
    "components": "/ui/",
}
SIGNED_IN = {
    "tokens": "/settings/tokens",
    "password": "/settings/password",
    "own-page": "/ada",
    "new-model": "/new/model",
    "new-organisation": "/new/organisation",
    "card-writer": MODEL,
    "upload": f"{MODEL}/upload/main",
    "edit-card": f"{MODEL}/edit/main/README.md",
    "edit-text": f"{MODEL}/edit/main/scripts/train.py",
    "delete-file": f"{MODEL}/delete/main/scripts/train.py",
    "settings": f"{MODEL}/settings",
    "members": "/settings/organisations/vision-team",
}
