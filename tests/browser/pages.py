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
    "rows": "/datasets/headstart/digits/rows/main/data/digits.csv",
    "compare-revisions": f"{MODEL}/compare/v1.0...main",
    "data": f"{MODEL}/data",
    "licence": f"{MODEL}/licence",
    "bias": f"{MODEL}/bias",
    "commit": f"{MODEL}/commit/main",
    "owner": "/vision-team",
    "sign-in": "/login",
    "missing": "/nobody/nothing",
    "components": "/ui/",
}
SIGNED_IN = {"tokens": "/settings/tokens", "password": "/settings/password", "own-page": "/ada"}
