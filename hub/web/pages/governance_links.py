"""The addresses of records and findings."""

from urllib.parse import quote

from hub.web.pages.links import part_url, repo_url


def data_edit_url(kind: str, full_name: str) -> str:
    return f"{part_url(kind, full_name, 'data')}/edit"


def data_export_url(kind: str, full_name: str, form: str) -> str:
    """The data record as a file: `json` or `croissant`."""
    plural = "datasets" if kind == "dataset" else "models"
    return f"/api/headstart/{plural}/{quote(full_name)}/data-record?format={form}"


def use_edit_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/use-record/edit"


def new_finding_url(kind: str, full_name: str, refutes: str = "") -> str:
    return f"{part_url(kind, full_name, 'bias')}/new" + (f"?refutes={refutes}" if refutes else "")


def finding_url(kind: str, full_name: str, number: int) -> str:
    return f"{part_url(kind, full_name, 'bias')}/{number}"


def reach_url(full_name: str) -> str:
    return f"{repo_url('dataset', full_name)}/reach"
