"""What `import sdk` costs, and what it must not bring along."""

import subprocess
import sys

import sdk

HEAVY = (
    "django",
    "torch",
    "numpy",
    "transformers",
    "huggingface_hub",
    "httpx",
    "httpx2",
    "yaml",
    "tqdm",
    "rest_framework",
)


def loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def test_importing_the_sdk_loads_nothing_heavy() -> None:
    assert not loaded_by("import sdk").intersection(HEAVY)


def test_the_command_line_loads_nothing_heavy() -> None:
    assert not loaded_by("import sdk.cli").intersection(HEAVY)


def test_every_public_name_is_there() -> None:
    assert all(hasattr(sdk, name) for name in sdk.__all__)
    assert sorted(sdk.__all__) == sdk.__all__


def test_all_errors_are_of_one_tree_and_drawn() -> None:
    errors = [getattr(sdk, name) for name in sdk.__all__ if name.endswith("Error")]
    assert all(issubclass(error, sdk.HeadstartError) for error in errors)
    drawn = sys.modules["sdk._errors"].__doc__ or ""
    assert all(error.__name__ in drawn for error in errors)
