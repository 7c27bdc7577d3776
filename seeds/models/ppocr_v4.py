"""ppocr-v4: find and read printed Chinese and English text; three ONNX networks, served as they are."""

import shutil
from pathlib import Path

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

FOLDER = "rapidocr_onnxruntime/models"
FINDS, READS, TURNS = "ch_PP-OCRv4_det_infer.onnx", "ch_PP-OCRv4_rec_infer.onnx", "ch_ppocr_mobile_v2.0_cls_infer.onnx"
README = "METADATA of rapidocr-onnxruntime 1.4.4"

PACKAGE = Package(
    "rapidocr-onnxruntime",
    "1.4.4",
    files={
        f"{FOLDER}/{FINDS}": "d2a7720d45a54257208b1e13e36a8479894cb74155a5efe29462512d42f49da9",
        f"{FOLDER}/{READS}": "48fc40f24f6d2a207a2b1091d3437eb3cc3eb6b676dc3ef9c37384005483683b",
        f"{FOLDER}/{TURNS}": "e47acedf663230f8863ff1ab0e64dd2d82b838fceb5957146dab185a89d6215c",
    },
)

USAGE = """
# pip install rapidocr-onnxruntime==1.4.4
import sdk
from rapidocr_onnxruntime import RapidOCR

path = sdk.pull("ppocr-v4").path
read = RapidOCR(
    det_model_path=str(path / "ch_PP-OCRv4_det_infer.onnx"),
    rec_model_path=str(path / "ch_PP-OCRv4_rec_infer.onnx"),
    cls_model_path=str(path / "ch_ppocr_mobile_v2.0_cls_infer.onnx"),
)
lines, seconds = read("page.png")
"""


def build(source: Path, out: Path) -> list[Measurement]:
    for path in PACKAGE.files:
        shutil.copyfile(source / PACKAGE.name / path, out / Path(path).name)
    size = sum(file.stat().st_size for file in out.glob("*.onnx"))
    return [Measurement(f"Three networks, {size:,} bytes.", "counted")]


SEED = Seed(
    name="ppocr-v4",
    kind="model",
    purpose="Finds and reads printed Chinese and English text in pictures.",
    what="PP-OCRv4 as ONNX: one network finds lines, one says whether a line is upside down, one reads it. The "
    "character "
    "list lies inside the reading network's metadata.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "apache-2.0",
        package=Fact("Apache-2.0; there is no licence file in the wheel.", README),
        content=Fact(
            "Apache-2.0, as the PaddleOCR project; the wheel names no other.",
            f"{README}; PaddleOCR project, not checked here",
        ),
        data=Fact("Not stated.", README),
    ),
    intended_use=(Fact("Optical character recognition; nothing more is stated by the authors.", README),),
    training_data=(Fact("Not stated in the package.", README),),
    known_biases=(
        Fact("None documented.", README),
        Fact("Chinese and English only; drops some spaces between English words.", MEASURED),
    ),
    evaluation=(
        Fact(
            "Reads a scanned page of scikit-image with confidence 0.93 on its first line, losing some spaces.", MEASURED
        ),
    ),
    steps=("The three .onnx files are copied unchanged.",),
    sources=(
        Source(
            "paddleocr",
            "other",
            "image",
            "Not stated in the METADATA of rapidocr-onnxruntime 1.4.4.",
            external="the data of the PaddleOCR project",
            stage="pretrain",
            languages=("zh", "en"),
        ),
    ),
    use=Use(
        intended=("Optical character recognition of Chinese and English print.",),
        out_of_scope=("Other alphabets.", "Documents where a lost space changes the meaning, unread by a person."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Drops spaces between English words",
            "measured for this catalog before release",
            axis="language",
            value="English",
            harm="quality_of_service",
            impact=2,
            exposure=3,
            advice="Split words again with a dictionary.",
        ),
    ),
    build=build,
    task="image-to-text",
    library="onnx",
    languages=("zh", "en"),
    tags=("ocr", "onnx", "paddleocr"),
)
