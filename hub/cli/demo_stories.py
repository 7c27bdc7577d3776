"""What the demo reviewers decide on seeds, and why: each reason speaks of that seed's own evidence."""

from dataclasses import dataclass

# Each has some domains, so that licence and bias are decided by different ones.
LICENCE, BIAS = "demo-reviewer-licence", "demo-reviewer-bias"
REVIEWERS = {
    LICENCE: ("Demo reviewer of security, licence and data", ("security", "licence", "data")),
    BIAS: ("Demo reviewer of bias and use", ("bias", "use")),
}
# A demo approval holds for this alone.
PURPOSE = "demonstration"


@dataclass(frozen=True)
class Verdict:
    """One decision; with `conditions` it is an approval that is tied to them."""

    domain: str
    reason: str
    state: str = "approved"
    conditions: tuple[str, ...] = ()

    @property
    def by(self) -> str:
        return next(name for name, (_, domains) in REVIEWERS.items() if self.domain in domains)


@dataclass(frozen=True)
class Measurement:
    """An evaluation by suites with their options, on a data set of the catalog."""

    dataset: str
    recipe: str
    suites: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Story:
    """A seed that is submitted, who takes it, what is said first, and what is decided in this order.

    `measured`: what a job measures before, where the tier asks for it.
    """

    kind: str
    name: str
    verdicts: tuple[Verdict, ...] = ()
    assigned_to: str = ""
    comment: str = ""
    measured: Measurement | None = None


STORIES = (
    Story(
        "dataset",
        "digits",
        (
            Verdict("licence", "CC BY 4.0 is what the card says of the UCI data; nobody checked that at its source."),
            Verdict("data", "One source, with its origin and form. Who the 13 writers were is stated as unknown."),
            Verdict("bias", "That quality by writer can't be measured is filed as a finding, and harms nobody here."),
            Verdict("use", "First steps and tests of tools: an experiment, and nothing follows from it."),
        ),
    ),
    Story(
        "model",
        "resnet-tiny-digits",
        (
            Verdict("licence", "Made here from CC BY 4.0 data; the NOTICE file credits them and their creator."),
            Verdict("data", "It learned from one data set of this hub, named with its commit. All gaps are stated."),
            Verdict(
                "bias", "The writers aren't described, so quality by group is unknown. Nothing follows from that here."
            ),
            Verdict("use", "For trying the hub out. Natural images and letters are out of scope, as it says."),
        ),
    ),
    Story(
        "model",
        "adult-income-mlp",
        (
            Verdict("licence", "CC BY 4.0 data, given on under the same terms, and credited in the NOTICE file."),
            Verdict(
                "data",
                "Rows of a census, with sex and race, that point to people indirectly; consent is stated as unknown.",
                "conditional",
                ("Nobody tries to find out who the people in the rows are.",),
            ),
            Verdict(
                "bias",
                "It gives the good outcome to men far more often than to women. The card has the figures, and the "
                "finding stays open: that gap is what it is here to show.",
                "conditional",
                ("Only to show and to measure bias: it decides nothing about anybody.",),
            ),
            Verdict(
                "use", "Showing allocative bias. Decisions about credit, hiring, pay or benefits are out of scope."
            ),
        ),
        measured=Measurement("adult", "tabular", {"fair-tabular": {"axes": "sex_*"}}),
    ),
    Story(
        "model",
        "silero-vad",
        (
            Verdict("licence", "MIT in its LICENSE file and in its card, and no other licence is named."),
            Verdict(
                "data",
                "The README speaks of huge corpora with over 6000 languages and names none. Name at least the largest, "
                "or say in the card that their licences and the speakers' consent can't be known.",
                "changes-requested",
            ),
        ),
    ),
    Story(
        "model",
        "whisper-tiny-en",
        (Verdict("licence", "MIT by the package's README; that the number format was changed stands in the NOTICE."),),
        assigned_to=BIAS,
        comment="The makers' card says that accuracy differs by accent, sex, race and age, and nothing here measures "
        "it. Before I decide I would like word error rates by group of speakers.",
    ),
    Story("dataset", "vader-film-snippets", assigned_to=LICENCE),
    Story("model", "lid.176"),
)
