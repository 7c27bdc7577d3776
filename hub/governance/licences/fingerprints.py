"""Make `data/licence_fingerprints.json` anew from two public collections of licence texts, and from packages that come
with the licence of a model.

    pip download --no-deps scancode-toolkit-mini deepfloyd-if stable-diffusion-sdkit
    npm pack spdx-license-list && tar xzf spdx-license-list-*.tgz
    python -m hub.governance.licences.fingerprints scancode_toolkit_mini-*.whl package/licenses deep*.whl stable*.whl

Only hashes are kept: of the normalised text, and of its words. No text is copied.
"""

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from hub.governance.licences.detect import fingerprint, packed
from hub.governance.licences.table import shipped

_OUT = Path(__file__).parents[1] / "data" / "licence_fingerprints.json"
_FOLDER = "licensedcode/data/licenses/"
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.S)
# Our ids of what has no SPDX id, and the names of their texts in the collection.
_TEXTS = {
    "bigscience-openrail-m": ("bigscience-open-rail-m",),
    # Which the collection calls BigScience's second: its title is CreativeML Open RAIL++-M.
    "openrail++": ("bigscience-open-rail-m2",),
    "bigscience-bloom-rail-1.0": ("bigscience-rail-1.0",),
    "creativeml-openrail-m": ("stable-diffusion-2022-08-22",),
    "bigcode-openrail-m": ("bigcode-open-rail-m-v1",),
    "llama2": ("llama-2-license-2023",),
    "llama3.1": ("llama-3.1-license-2024",),
    "llama3.2": ("llama-3.2-license-2024",),
    "llama3.3": ("llama-3.3-license-2024",),
    "llama4": ("llama-4-cla-2025", "llama-4-license-2025"),
    "gemma": ("gemma-tou-2024-04-01", "gemma-tou-2025-03-24"),
    "qwen": ("qwen-2024",),
    "tongyi-qianwen": ("tongyi-qianwen-2023",),
    "deepseek": ("deepseek-la-1.0",),
    "stabilityai-community": ("stability-ai-community-2024",),
    "stabilityai-nc-research": ("stability-ai-nc-2023-12-06",),
    "flux-1-dev-nc": ("flux-1-nc",),
    "falcon-2-tii": ("falcon-2-11b-1.0",),
    "exaone-nc": ("exaone-ai-model-1.1-nc",),
    "nvidia-open-model": ("nvidia-open-model-2025-04-28",),
    "tencent-hunyuan-3d-2.0": ("tencent-hunyuan-3d-2.0-cla",),
    "kimi-modified-mit": ("moonshot-ai-modified-mit-2025",),
    "openmdw-1.0": ("openmdw-1.0",),
}
# Packages that bring a model's licence with them, under that name.
_MODEL_TEXT = "LICENSE-MODEL"
_PACKAGES = {"deepfloyd_if": "deepfloyd-if-license", "stable_diffusion_sdkit": "openrail++"}


def main(wheel: str, spdx: str, *packages: str) -> None:
    beside = (pair for path in packages for pair in _of_package(Path(path)))
    texts = sorted({*_of_wheel(Path(wheel)), *_of_spdx(Path(spdx)), *beside})
    found = [fingerprint(licence, each) for licence, text in texts for each in (text, *_without_appendix(text))]
    unique = {(each.licence, each.sha256): each for each in found}
    rows = [{"licence": each.licence, "sha256": each.sha256, "words": packed(each.words)} for each in unique.values()]
    about = (
        "Hashes of licence texts and of their words, made from the SPDX licence list, from the ScanCode LicenseDB "
        "(CC-BY-4.0, nexB Inc. and others) and from packages that bring a model's licence, by "
        "`python -m hub.governance.licences.fingerprints`."
    )
    _OUT.write_text(json.dumps({"about": about, "texts": rows}, indent=1) + "\n", encoding="utf-8")
    ids = {row["licence"] for row in rows}
    sys.stdout.write(f"{len(rows)} texts of {len(ids)} licences; none of: {sorted(set(shipped().rows) - ids)}\n")


def _without_appendix(text: str) -> Iterator[str]:
    """Many copies leave out how to apply the licence to one's work."""
    head, end, _ = text.partition("END OF TERMS AND CONDITIONS")
    if end:
        yield from (head, head + end)


def _of_wheel(path: Path) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(path) as wheel:
        for licence, names in _TEXTS.items():
            for name in names:
                yield licence, _FRONT.sub("", wheel.read(f"{_FOLDER}{name}.LICENSE").decode())
        for name in wheel.namelist():
            if name.startswith(_FOLDER) and name.endswith(".LICENSE"):
                yield from _with_spdx_id(wheel.read(name).decode())


def _with_spdx_id(text: str) -> Iterator[tuple[str, str]]:
    front = _FRONT.match(text)
    found = re.search(r"^spdx_license_key: (\S+)$", front[0], re.M) if front else None
    licence = shipped().find(found[1]) if found else None
    if licence and licence.is_known and front and text[front.end() :].strip():
        yield licence.base_id, text[front.end() :]


def _of_package(path: Path) -> Iterator[tuple[str, str]]:
    licence = _PACKAGES[path.name.partition("-")[0]]
    with zipfile.ZipFile(path) as wheel:
        for name in wheel.namelist():
            if name.endswith(f"/{_MODEL_TEXT}"):
                yield licence, wheel.read(name).decode()


def _of_spdx(folder: Path) -> Iterator[tuple[str, str]]:
    for row in shipped():
        for name in (row.spdx_id, row.spdx_id.removesuffix("-only")):
            if (path := folder / f"{name}.json").is_file():
                yield row.id, json.loads(path.read_text(encoding="utf-8"))["licenseText"]


if __name__ == "__main__":
    main(*sys.argv[1:])
