"""House rules that no linter knows: docs/architecture.md §6 and the rules around it, as tests."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from hub.celery import app as celery

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = ("hub", "proofs", "sdk", "workers", "seeds")
# From the ground up; a foreign key may point to its own floor's room or to one further down.
FLOORS = (("core",), ("audit",), ("accounts", "storage"), ("catalog",), ("community",), ("governance",), ("jobs",))


def tracked(*patterns: str) -> list[Path]:
    """Files of the project (not of an environment or a data folder beside it) by pattern, tracked or new."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [ROOT / name for name in sorted(set(names)) if (ROOT / name).is_file()]


def sources() -> list[Path]:
    found = tracked(*[f"{program}/**.py" for program in PROGRAMS])
    return [path for path in found if "migrations" not in path.parts]


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def functions(paths: list[Path]) -> Iterator[tuple[str, int]]:
    """Each function with the lines from its `def` to its end."""
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path.relative_to(ROOT)}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def sizes(paths: list[Path]) -> list[tuple[str, int]]:
    return [(str(path.relative_to(ROOT)), lines(path)) for path in paths]


def check_budget(found: list[tuple[str, int]], *, half: int, nine_of_ten: int, cap: int | None = None) -> None:
    """Nothing over `cap`; half of all under `half` lines and nine of ten under `nine_of_ten`, once there are twenty."""
    if cap is not None:
        assert [(name, size) for name, size in found if size > cap] == []
    if len(found) >= 20:
        ordered = sorted(size for _, size in found)
        assert ordered[len(ordered) // 2] <= half, "too many long ones: the middle one is over the budget"
        largest = sorted(found, key=lambda item: -item[1])[: len(found) // 10 + 3]
        assert ordered[len(ordered) * 9 // 10] <= nine_of_ten, f"too many long ones: {largest}"


def test_files_keep_their_budget():
    # A package's empty __init__.py says nothing about how the house is cut.
    check_budget([item for item in sizes(sources()) if item[1]], half=80, nine_of_ten=280, cap=500)
    check_budget(sizes(tracked("tests/**.py")), half=500, nine_of_ten=500, cap=500)


def test_functions_keep_their_budget():
    check_budget(list(functions(sources())), half=9, nine_of_ten=34, cap=60)


def test_test_functions_keep_their_budget():
    found = [item for item in functions(tracked("tests/**.py")) if item[0].partition(":")[2].startswith("test_")]
    check_budget(found, half=12, nine_of_ten=30)


def test_recipes_keep_their_budget():
    check_budget(sizes(tracked("workers/recipes/*.py", "workers/evaluations/*.py")), half=350, nine_of_ten=350, cap=350)


def test_templates_and_stylesheets_keep_their_budget():
    check_budget(sizes(tracked("hub/**.html")), half=30, nine_of_ten=100, cap=200)
    check_budget(sizes(tracked("hub/**.css")), half=60, nine_of_ten=250, cap=400)


def own_models() -> list[type[Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("hub.")]


def floor(model: type[Model]) -> int:
    room = model._meta.app_label
    return next((number for number, rooms in enumerate(FLOORS) if room in rooms), -1)


def test_foreign_keys_point_down():
    up = []
    for model in own_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.is_relation and field.concrete else None
            if target is None or not target.__module__.startswith("hub."):
                continue
            same_room = target._meta.app_label == model._meta.app_label
            if not same_room and floor(target) >= floor(model):
                up.append(f"{model.__name__}.{field.name} → {target.__name__}")
    assert up == []


def test_every_model_stands_on_a_floor():
    assert {model._meta.app_label for model in own_models() if floor(model) < 0} == set()


def enqueued() -> Iterator[tuple[str, str | None]]:
    """Where a task is sent, and its name (None: not a literal)."""
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "enqueue":
                first = node.args[0] if node.args else None
                name = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
                yield f"{path.relative_to(ROOT)}:{node.lineno}", name


def test_every_task_that_is_sent_is_registered():
    celery.loader.import_default_modules()
    scheduled = [("CELERY_BEAT_SCHEDULE", entry["task"]) for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert [(where, name) for where, name in [*enqueued(), *scheduled] if name not in celery.tasks] == []


def test_nothing_is_called_utils():
    names = {"utils", "util", "helpers", "misc", "common"}
    everything = [*sources(), *tracked("tests/**.py", "benchmarks/**.py")]
    assert [path for path in everything if path.stem in names or names & set(path.relative_to(ROOT).parts)] == []


def test_nothing_prints():
    trees = [(path, ast.walk(ast.parse(path.read_text()))) for path in sources()]
    calls = [(path, node.func) for path, nodes in trees for node in nodes if isinstance(node, ast.Call)]
    assert [path for path, function in calls if isinstance(function, ast.Name) and function.id == "print"] == []


def test_nothing_is_silenced_without_a_reason():
    bare = re.compile(r"#\s*type:\s*ignore\s*$|#\s*noqa\s*$", re.MULTILINE)
    assert [path for path in [*sources(), *tracked("tests/**.py")] if bare.search(path.read_text())] == []


def test_migrations_are_named():
    names = [path.stem for path in tracked("hub/*/migrations/*.py") if path.stem != "__init__"]
    assert names
    assert [name for name in names if not re.fullmatch(r"\d{4}_[a-z][a-z0-9_]+", name) or "_auto_" in name] == []


def test_templates_bring_no_script_and_no_style_of_their_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\son[a-z]+=|\sstyle=|<style", re.IGNORECASE)
    assert [path for path in tracked("hub/**.html") if inline.search(path.read_text())] == []


def test_every_decision_is_listed():
    index = (ROOT / "docs/adr/README.md").read_text()
    decisions = [path.name for path in tracked("docs/adr/*.md") if path.name != "README.md"]
    assert [name for name in decisions if f"({name})" not in index] == []
    numbers = [int(name[:4]) for name in decisions]
    assert numbers == list(range(1, len(numbers) + 1))


def test_every_table_is_in_the_glossary():
    words = (ROOT / "docs/glossary.md").read_text().lower()

    def words_of(model: type[Model]) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()

    assert sorted({words_of(model) for model in own_models() if f"**{words_of(model)}**" not in words}) == []


def test_every_setting_is_documented():
    read = re.findall(r'_(?:env|flag|list)\("([A-Z_]+)"', (ROOT / "hub/settings.py").read_text())
    rows = re.findall(r"^\| `HEADSTART_([A-Z_]+)` \|", (ROOT / "docs/operations.md").read_text(), re.MULTILINE)
    assert {name: rows.count(name) for name in read if rows.count(name) != 1} == {}


def test_every_variable_is_documented_and_read():
    written = "".join(path.read_text() for path in tracked("README.md", "docs/*.md"))
    settings_py = (ROOT / "hub/settings.py").read_text()
    ours = {f"HEADSTART_{name}" for name in re.findall(r'_(?:env|flag|list)\("([A-Z_]+)"', settings_py)}
    others = "".join(path.read_text() for path in tracked("sdk/**.py", "workers/**.py", "docker/**"))
    read = ours | set(re.findall(r"HEADSTART_[A-Z_]*[A-Z]", others))
    told = set(re.findall(r"`(HEADSTART_[A-Z_]*[A-Z])[`=]", written))
    assert (read - told, told - read) == (set(), set())


@pytest.mark.parametrize(("package", "document"), [("recipes", "jobs"), ("evaluations", "evaluations")])
def test_every_recipe_and_every_suite_is_documented(package, document):
    names = import_module(f"workers.{package}").NAMES
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| .* \|.* \|$", (ROOT / f"docs/{document}.md").read_text(), re.MULTILINE)
    assert [name for name in rows if name in names] == list(names)


def test_a_word_is_explained_once():
    words = re.findall(r"^- \*\*(.+?)\*\*", (ROOT / "docs/glossary.md").read_text(), re.MULTILINE)
    assert {word for word in words if words.count(word) > 1} == {"revision", "desk"}


def test_links_between_documents_lead_somewhere():
    for path in tracked("*.md"):
        links = re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text())
        assert [link for link in links if not (path.parent / link).exists()] == [], path


def test_what_the_programs_read_is_packed_with_them():
    packed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]
    known = {path for program, globs in packed.items() for glob in globs for path in (ROOT / program).glob(glob)}
    beside = [path for path in tracked(*[f"{program}/**" for program in PROGRAMS]) if path.suffix != ".py"]
    assert [str(path.relative_to(ROOT)) for path in beside if path not in known] == []
