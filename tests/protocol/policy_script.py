"""Pull one file with a stock client, and print what came of it: the file's path, or the error with its whole text."""

import os

from huggingface_hub import hf_hub_download

try:
    print("pulled", hf_hub_download(os.environ["HUB_REPO"], "config.json", revision=os.environ["HUB_REVISION"]))
except Exception as error:  # noqa: BLE001 - its kind is what is printed
    print("refused", type(error).__name__, error)
