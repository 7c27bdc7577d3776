"""One client action, timed from inside its own process: the price of starting Python is not part of any figure.

Run by `_lab.client` under the Python that has the client installed. Prints the seconds.
"""

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any


def mlflow_push(url: str, path: str) -> float:
    import mlflow

    tracking = mlflow.MlflowClient(url)
    run = tracking.create_run("0")
    return _timed(lambda: tracking.log_artifact(run.info.run_id, path))


def mlflow_pull(url: str, run_id: str, name: str, folder: str) -> float:
    import mlflow

    mlflow.set_tracking_uri(url)
    mlflow.get_run(run_id)
    return _timed(lambda: mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=name, dst_path=folder))


def hf_pull(repo: str, name: str, folder: str) -> float:
    from huggingface_hub import hf_hub_download

    return _timed(lambda: hf_hub_download(repo, name, cache_dir=folder))


def hf_push(repo: str, path: str, name: str) -> float:
    from huggingface_hub import HfApi

    api = HfApi()
    api.create_repo(repo, exist_ok=True)
    return _timed(lambda: api.upload_file(repo_id=repo, path_or_fileobj=path, path_in_repo=name))


def sdk_pull(name: str, cache: str, verify: str) -> float:
    os.environ["HEADSTART_CACHE"] = cache
    import sdk

    sdk.info(name)
    return _timed(lambda: sdk.pull(name, verify=verify == "verify"))


def sdk_push(folder: str, name: str) -> float:
    import sdk

    return _timed(lambda: sdk.push(folder, name))


def mlflow_register(path: str, models: str) -> float:
    """Registered models with the tags that a model card's facts would be, into MLflow's own store at that path: one by
    its own code, the others as copies of that one's rows, which takes seconds instead of minutes."""
    import sqlite3

    from mlflow.entities.model_registry import RegisteredModelTag
    from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

    tasks, licences = ("text-generation", "text-classification", "fill-mask"), ("mit", "apache-2.0", "gemma", "llama3")
    families = ("bert", "llama", "qwen", "whisper", "vit", "t5", "gpt2")

    def facts(number: int) -> dict[str, str]:
        return {"task": tasks[number % 3], "licence": licences[number % 4], "library": "transformers"}

    def name(number: int) -> str:
        return f"{families[number % 7]}-{number}"

    def register() -> None:
        tags = [RegisteredModelTag(key, value) for key, value in facts(0).items()]
        SqlAlchemyStore(f"sqlite:///{path}").create_registered_model(name(0), tags, "A model.")
        with sqlite3.connect(path) as database:
            others = range(1, int(models))
            _copy(database, "registered_models", ({"name": name(number)} for number in others))
            _copy(database, "registered_model_tags", (
                {"name": name(number), "key": key, "value": value}
                for number in others for key, value in facts(number).items()
            ))  # fmt: skip

    return _timed(register)


def _copy(database: Any, table: str, rows: Any) -> None:
    """Rows as the first one of the table is, but with these values."""
    cursor = database.execute(f"SELECT * FROM {table} LIMIT 1")
    names, first = [column[0] for column in cursor.description], cursor.fetchone()
    kept = dict(zip(names, first, strict=True))
    marks = ", ".join(f":{name}" for name in names)
    database.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", (kept | row for row in rows))


def _timed(action: object) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    action, *arguments = sys.argv[1:]
    print(globals()[action](*arguments))
