"""The film snippets of the VADER study, which lie in an archive inside the source archive; used twice."""

from pathlib import Path
from typing import Any

from seeds._archive import unpack_member
from seeds.evidence import Source
from seeds.seed import Fact, Package

ARCHIVE = "additional_resources/hutto_ICWSM_2014.tar.gz"
SNIPPETS = "hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt"
SNIPPETS_SHA256 = "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350"
README = "_README_.txt in hutto_ICWSM_2014.tar.gz inside vaderSentiment 3.3.2"

PACKAGE = Package(
    "vaderSentiment",
    "3.3.2",
    files={ARCHIVE: "d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa"},
    texts={"LICENSE.txt": "LICENSE"},
    is_source=True,
)

PACKAGE_LICENCE = Fact("MIT.", "LICENSE.txt of vaderSentiment 3.3.2")
DATA_LICENCE = Fact(
    "The ratings come under the package's MIT licence; the snippets quote film reviews by third parties, for which no "
    "licence is stated.",
    f"LICENSE.txt of vaderSentiment 3.3.2; {README}",
)
ORIGIN = Fact(
    "10,605 sentence-level snippets from rotten.tomatoes.com, from 2,000 reviews of Pang and Lee (2004).", README
)
SOURCE = Source(
    "rotten-tomatoes",
    "public",
    "text",
    f"Not stated in {README}.",
    external="snippets of rotten.tomatoes.com from 2,000 reviews of Pang and Lee (2004)",
    records=10_605,
    languages=("en",),
    method="reviews cut into sentences",
    has_persons=True,
    pii="direct",
    licence="mit",
    annotation="crowd",
    per_item=20,
    steps=("each snippet rated from -4 to 4 by at least 20 screened and trained people; the mean is kept",),
    gaps=("Who the raters were is not stated.", "English film criticism of about the year 2000, nothing else."),
)
TRAINED_ON = Source(
    "vader-film-snippets",
    "public",
    "text",
    f"Not stated in {README}.",
    dataset="{owner}/vader-film-snippets",
    stage="finetune",
    share_pct=80,
    languages=("en",),
    method="80 % of the snippets, positive where the mean rating is above 0",
    has_persons=True,
    pii="direct",
    licence="mit",
    annotation="crowd",
    per_item=20,
    gaps=("English film criticism of about the year 2000, nothing else.",),
)
RATERS = Fact(
    "Each was rated from -4 to 4 by at least 20 screened and trained people; who they were is not stated.", README
)


def read(source: Path) -> Any:
    """A pandas table: id, rating (mean of the raters, -4..4), text."""
    import pandas as pd

    package = source / PACKAGE.name
    file = unpack_member(package / ARCHIVE, SNIPPETS, SNIPPETS_SHA256, package / "snippets.txt")
    rows = [line.split("\t", 2) for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line]
    return pd.DataFrame(
        {
            "id": [row[0] for row in rows],
            "rating": [float(row[1]) for row in rows],
            "text": [row[2] for row in rows],
        }
    )
