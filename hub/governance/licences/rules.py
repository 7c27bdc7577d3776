"""The rules L0 to L16 on publishing something under a licence. Each is a pure function that yields its faults.

Verdicts: OK < NEEDS_ATTRIBUTION < REVIEW < CONFLICT. REVIEW: the law is unsettled, or a fact is missing, so that a
reviewer must decide. CONFLICT: the licence's text, as written, isn't met. None of this is legal advice.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from hub.governance.licences import compatibility
from hub.governance.licences.ancestry import Burden
from hub.governance.licences.table import Licence

OK, NEEDS_ATTRIBUTION, REVIEW, CONFLICT = "OK", "NEEDS_ATTRIBUTION", "REVIEW", "CONFLICT"
VERDICTS = (OK, NEEDS_ATTRIBUTION, REVIEW, CONFLICT)
NAMES = {
    "L0": "Unknown licence",
    "L1": "Terms that must be passed on",
    "L2": "Share-alike",
    "L2d": "Share-alike training data",
    "L3": "Non-commercial",
    "L3d": "Non-commercial training data",
    "L4": "No derivatives",
    "L4d": "No-derivatives training data",
    "L5": "Attribution",
    "L6": "Name prefix",
    "L7": "Trained on outputs",
    "L8": "Licences that can't be combined",
    "L11": "Licence of training code",
    "L12": "Patents",
    "L13": "The text changed",
    "L15": "Card and licence file differ",
    "L16": "Freer than what it was made from",
}


@dataclass(frozen=True)
class Fault:
    """One rule, met or broken on one edge. `edge`: names from the child to whose licence it is; `clause`: what the
    licence asks; `mend`: what would help."""

    rule: str
    verdict: str
    edge: tuple[str, ...]
    licence: str
    clause: str
    mend: str


@dataclass(frozen=True)
class Case:
    """What is judged. `licences`: declared, or concluded by a reviewer; of an OR one side, and `offered` has all of
    them. `in_prose`: what the card's own text says. `notice`: the notice file's text, where it is at hand; then it
    covers only whom it names."""

    name: str
    kind: str
    licences: tuple[Licence, ...]
    burdens: tuple[Burden, ...] = ()
    detected: tuple[Licence, ...] = ()
    in_prose: tuple[Licence, ...] = ()
    modality: str = ""
    has_notice: bool = False
    notice: str = ""
    is_concluded: bool = False
    offered: tuple[Licence, ...] = ()
    derived: tuple[Burden, ...] = field(init=False)
    data: tuple[Burden, ...] = field(init=False)
    outputs: tuple[Burden, ...] = field(init=False)

    def __post_init__(self) -> None:
        for how in ("derived", "data", "outputs"):
            object.__setattr__(self, how, tuple(each for each in self.burdens if each.how == how))

    @property
    def is_non_commercial(self) -> bool:
        return any(licence.is_non_commercial for licence in self.licences)

    @property
    def short_name(self) -> str:
        return self.name.rpartition("/")[2]

    @property
    def declared_text(self) -> str:
        return " AND ".join(licence.name for licence in self.licences) or "no licence"

    @property
    def own_texts(self) -> set[str]:
        """The licence files that belong here, by their licences."""
        return {licence.base_id for licence in (*self.licences, *self.offered) if licence.is_known}

    @property
    def allowed_texts(self) -> set[str]:
        """Those, what LGPL-3.0 is written upon, and the files of what it was made from."""
        found = self.own_texts | {burden.licence.base_id for burden in self.burdens}
        return found | ({"gpl-3.0"} if "lgpl-3.0" in found else set())


NO_CHANGES = ("no", "private_only")
Rule = Callable[[Case], Iterator[Fault]]


def faults_of(case: Case) -> tuple[Fault, ...]:
    """All rules in their order, without doubles."""
    return tuple(dict.fromkeys(fault for rule in RULES for fault in rule(case)))


def worst(faults: tuple[Fault, ...]) -> str:
    return max((fault.verdict for fault in faults), key=VERDICTS.index, default=OK)


def unknown(case: Case) -> Iterator[Fault]:
    for licence in case.licences or (None,):
        if licence is None or not licence.is_known:
            yield Fault("L0", REVIEW, (case.name,), _id(licence), _why_unknown(licence), "State the exact licence.")
    for burden in case.burdens:
        is_open = burden.how == "data" and burden.licence.data_to_model_effect == "unknown"
        if burden.how != "code" and (is_open or not burden.licence.is_known):
            mend = f"Obtain the licence of {burden.holder}, or name its exact text."
            yield _fault("L0", REVIEW, burden, _why_unknown(burden.licence), mend)


def passed_on(case: Case) -> Iterator[Fault]:
    for burden in case.derived:
        if burden.licence.pass_through != "no" and not compatibility.carries(case.licences, burden.licence):
            yield _not_passed_on("L1", burden, case)
    for burden in case.data:
        if burden.licence.data_to_model_effect == "use_restrictions" and not _carries(case, burden):
            yield _fault("L1", REVIEW, burden, _PASSED.format(burden.licence.name), _same(burden))


def share_alike(case: Case) -> Iterator[Fault]:
    for burden in case.derived:
        licence = burden.licence
        if binds_alike(licence, case.kind) and not _may_become(case, licence):
            clause = f"{licence.name}: what is made from it stays under it."
            yield _fault("L2", CONFLICT, burden, clause, _same(burden))
    for burden in case.data:
        if _reaches_weights(burden.licence) and not _may_become(case, burden.licence):
            clause = f"{burden.licence.name} is share-alike; whether that reaches weights is unsettled."
            yield _fault("L2d", REVIEW, burden, clause, "A reviewer decides on share-alike.")


def non_commercial(case: Case) -> Iterator[Fault]:
    if case.is_non_commercial:
        return
    for burden in case.derived:
        if burden.licence.is_non_commercial:
            clause = f"{burden.licence.name} allows no commercial use."
            yield _fault("L3", CONFLICT, burden, clause, "Declare a non-commercial licence, or use another base.")
    for burden in case.data:
        if burden.licence.data_to_model_effect == "nc":
            clause = f"{burden.licence.name} allows no commercial use; whether that reaches weights is unsettled."
            yield _fault("L3d", REVIEW, burden, clause, "A reviewer decides on non-commercial data.")


def no_derivatives(case: Case) -> Iterator[Fault]:
    for burden in (*case.derived, *case.data):
        if burden.licence.redistribution == "no" and burden.how == "derived":
            clause = f"{burden.licence.name}: copies may not be passed on."
            yield _fault("L4", CONFLICT, burden, clause, "Do not publish; ask the licensor.")
            continue
        if burden.licence.derivatives not in NO_CHANGES or not burden.is_changed:
            continue
        clause = f"{burden.licence.name}: changed versions may not be shared."
        if burden.how == "derived":
            yield _fault("L4", CONFLICT, burden, clause, "Do not publish; ask the licensor.")
        else:
            clause += " Whether weights are one is unsettled."
            yield _fault("L4d", REVIEW, burden, clause, "A reviewer decides, or the licensor is asked.")


def attribution(case: Case) -> Iterator[Fault]:
    for burden in noticed(case):
        if not is_covered(case, burden):
            clause = f"{burden.licence.name}: keep its notices and name its authors."
            yield _fault("L5", NEEDS_ATTRIBUTION, burden, clause, f"Add a NOTICE file that credits {burden.holder}.")


def name_prefix(case: Case) -> Iterator[Fault]:
    for burden in (*case.derived, *named_by_outputs(case)):
        prefix = burden.licence.name_prefix
        if prefix and not starts_with(case.short_name, prefix):
            clause = f"{burden.licence.name}: the name of what is made with it begins with “{prefix}”."
            yield _fault("L6", CONFLICT, burden, clause, _rename(case))


def name_prefixes(case: Case) -> tuple[str, ...]:
    """What the name begins with, the longest first; one that begins another is in that. More than one: no name has
    them all."""
    asked = {each.licence.name_prefix for each in (*case.derived, *named_by_outputs(case))} - {""}
    inside = {one for one in asked for other in asked if one != other and starts_with(other, one)}
    return tuple(sorted(asked - inside, key=lambda each: (-len(each), each)))


def outputs(case: Case) -> Iterator[Fault]:
    for burden in case.outputs:
        yield from _outputs(case, burden, burden.licence.output_training)
    for burden in case.data:
        # Texts that a model wrote, passed on as data under the model's own licence.
        effect = burden.licence.data_to_model_effect
        if effect in ("same_family", "derivative", "no_competing"):
            yield from _outputs(case, burden, effect)


def combined(case: Case) -> Iterator[Fault]:
    """Pairwise over what is merged, over what else its weights are derived from, and the licence that it gets."""
    met = list(dict.fromkeys((burden.licence, burden) for burden in case.derived))
    for (one, first), (other, second) in itertools.combinations(met, 2):
        if why := compatibility.clash(one, other):
            edge = (first.holder, case.name, second.holder)
            yield Fault("L8", CONFLICT, edge, f"{one.id}, {other.id}", f"{why}.", "Leave one of them out.")
    for own in case.licences:
        for licence, burden in met:
            if (why := _clash_with_own(own, licence)) and own.id not in {each.id for each, _ in met}:
                yield _fault("L8", CONFLICT, burden, f"{why}.", "Declare another licence.")
    for one, other in itertools.combinations(case.licences, 2):
        if why := compatibility.clash(one, other):
            yield Fault("L8", CONFLICT, (case.name,), f"{one.id}, {other.id}", f"{why}.", "Declare one of them.")


def code(case: Case) -> Iterator[Fault]:
    for burden in case.burdens:
        if burden.how == "code":
            clause = f"{burden.licence.name} holds for the training code, not for the weights."
            yield _fault("L11", OK, burden, clause, "")


def patents(case: Case) -> Iterator[Fault]:
    own = {licence.patent for licence in case.licences}
    for burden in case.derived:
        if burden.licence.patent == "excluded":
            yield _fault("L12", OK, burden, f"{burden.licence.name} grants no patent rights.", "")
        elif burden.licence.patent == "express" and not own & {"express", "unknown"}:
            clause = f"{burden.licence.name} grants patents expressly; {case.declared_text} doesn't."
            yield _fault("L12", OK, burden, clause, "")


def changed_text(case: Case) -> Iterator[Fault]:
    for burden in case.burdens:
        if burden.text_changed:
            clause = f"The text of {burden.licence.name} at its source is not the one that was approved."
            yield _fault("L13", REVIEW, burden, clause, "A reviewer reads the new text.")


def mismatch(case: Case) -> Iterator[Fault]:
    """The card names one licence and the files, or its own text, another. A file of what it was made from may lie
    beside."""
    own, allowed = case.own_texts, case.allowed_texts
    if not own or case.is_concluded:
        return
    found = {licence.base_id: licence for licence in case.detected}
    strange = [each for key, each in found.items() if key not in allowed]
    if strange or (found and not own & set(found)):
        names = ", ".join(each.name for each in strange or found.values())
        clause = f"The card says {case.declared_text}, the licence file is {names}."
        yield Fault(
            "L15", CONFLICT, (case.name,), ", ".join(found), clause, "Make the card and the licence file agree."
        )
    for each in case.in_prose:
        if each.base_id not in allowed:
            clause = f"The card's metadata say {case.declared_text}, its text says {each.name}."
            yield Fault("L15", CONFLICT, (case.name,), each.id, clause, "Make the card's metadata and text agree.")


def laundering(case: Case) -> Iterator[Fault]:
    """The licence gives more than what it was made from allows. The broken rule stands beside; this one is told to
    whoever owns that, and shown in the catalog."""
    if not case.licences or not all(licence.is_permissive for licence in case.licences):
        return
    for burden in case.derived:
        if is_binding(burden.licence, case.kind) and burden.licence.is_known:
            clause = f"{case.declared_text} is freer than {burden.licence.name}, which {burden.holder} is under."
            yield _fault("L16", CONFLICT, burden, clause, _same(burden))


RULES: tuple[Rule, ...] = (
    unknown,
    passed_on,
    share_alike,
    non_commercial,
    no_derivatives,
    attribution,
    name_prefix,
    outputs,
    combined,
    code,
    patents,
    changed_text,
    mismatch,
    laundering,
)


def is_binding(licence: Licence, kind: str) -> bool:
    """Its terms reach the whole of what is made from it; of no derivatives, the copies in another format."""
    bound = binds_alike(licence, kind) or licence.is_non_commercial or licence.derivatives in NO_CHANGES
    return licence.pass_through != "no" or bound


def binds_alike(licence: Licence, kind: str) -> bool:
    """Share-alike for a whole work of that kind."""
    return licence.is_share_alike or (licence.share_alike == "data" and kind == "dataset")


def noticed(case: Case) -> Iterator[Burden]:
    """Those whose notices must be kept: what it is derived from, data unless their licence frees models, and teachers
    whose licence asks for a display."""
    asked = {
        "derived": lambda each: each.needs_notice,
        "data": lambda each: each.needs_notice and each.data_to_model_effect != "none",
        "outputs": lambda each: each.output_training in ("display", "derivative"),
    }
    yield from (burden for burden in case.burdens if burden.how in asked and asked[burden.how](burden.licence))


def named_by_outputs(case: Case) -> Iterator[Burden]:
    """Whose outputs it learned from, or rows made of them, where the licence then asks for a name."""
    yield from (each for each in case.outputs if each.licence.output_training == "named")
    yield from (each for each in case.data if each.licence.data_to_model_effect == "named")


def is_covered(case: Case, burden: Burden) -> bool:
    """A notice file is there; and, where its text is at hand, names the licence or whose it is."""
    if not case.has_notice or not case.notice:
        return case.has_notice
    said, licence = _folded(case.notice), burden.licence
    names = (burden.holder, burden.holder.rpartition("/")[2], licence.name, licence.spdx_id, licence.notice_text)
    return any(_folded(name) in said for name in names if _folded(name))


def starts_with(name: str, prefix: str) -> bool:
    """Case and separators don't count: `llama3-x` begins with “Llama 3”."""
    return _folded(name).startswith(_folded(prefix))


def with_prefix(name: str, prefix: str) -> str:
    owner, slash, short = name.rpartition("/")
    return f"{owner}{slash}{prefix.replace(' ', '-')}-{short}"


_PASSED = "{} makes everybody pass its terms on with the model."


def _outputs(case: Case, burden: Burden, effect: str) -> Iterator[Fault]:
    name = burden.licence.name
    if effect == "prohibited" or (effect == "same_family" and not _same_family(case, burden)):
        clause = f"{name}: its outputs may not be used to improve another model."
        yield _fault("L7", CONFLICT, burden, clause, "Regenerate the data with a model that permits it.")
    elif effect == "derivative" and not _carries(case, burden):
        yield _not_passed_on("L7", burden, case)
    elif effect == "no_competing":
        clause = f"{name}: its outputs may not be used for a competing model."
        yield _fault("L7", REVIEW, burden, clause, "A reviewer decides whether this model competes.")
    elif effect == "nc" and not case.is_non_commercial:
        clause = f"{name}: its outputs may not be used commercially."
        yield _fault("L7", CONFLICT, burden, clause, "Declare a non-commercial licence, or regenerate the data.")
    elif effect == "named" and not starts_with(case.short_name, burden.licence.name_prefix):
        clause = f"{name}: a model trained on its outputs begins with “{burden.licence.name_prefix}”."
        yield _fault("L7", CONFLICT, burden, clause, _rename(case))


def _rename(case: Case) -> str:
    asked = name_prefixes(case)
    if len(asked) > 1:
        return f"No name begins with {' and '.join(asked)}: leave one of them out."
    return f"Rename it to {with_prefix(case.name, asked[0])}."


def _same_family(case: Case, burden: Burden) -> bool:
    """The child is itself made from a model under that licence, and stays under it."""
    derived = {each.licence.id for each in case.derived}
    return burden.licence.id in derived and _carries(case, burden)


def _carries(case: Case, burden: Burden) -> bool:
    return compatibility.carries(case.licences, burden.licence)


def _not_passed_on(rule: str, burden: Burden, case: Case) -> Fault:
    clause = f"{_PASSED.format(burden.licence.name)} {case.declared_text} doesn't."
    return _fault(rule, CONFLICT, burden, clause, _same(burden))


def _may_become(case: Case, licence: Licence) -> bool:
    return any(compatibility.may_become(licence, each) for each in case.licences)


def _reaches_weights(licence: Licence) -> bool:
    """Share-alike data, unless the licence says that models are free. `nc` data may be share-alike besides."""
    if licence.data_to_model_effect == "share_alike_uncertain":
        return True
    return licence.is_share_alike and licence.data_to_model_effect not in ("none", "attribution")


def _clash_with_own(own: Licence, burden: Licence) -> str:
    """A licence may be added to what allows that: only where the own one can't stand beside what came in."""
    if compatibility.may_become(burden, own):
        return ""
    return compatibility.clash(own, burden)


def _same(burden: Burden) -> str:
    if not burden.licence.is_known:
        return f"Find out which text {burden.holder} is under, and declare that."
    return f"Declare {burden.licence.spdx_id}, the licence of {burden.holder}."


def _id(licence: Licence | None) -> str:
    return licence.id if licence else ""


def _why_unknown(licence: Licence | None) -> str:
    if licence is None or licence.id in ("", "unknown"):
        return "No licence is stated: all rights are reserved until one is."
    if licence.is_family:
        return f"{licence.id} names a family of licences, not one text."
    if licence.id == "other":
        return "“other” says nothing of the terms until its text is named and read."
    if licence.is_known:
        return f"What {licence.name} means for models trained on such data is not recorded."
    return f"This hub has no record of the terms of {licence.id}."


def _fault(rule: str, verdict: str, burden: Burden, clause: str, mend: str) -> Fault:
    return Fault(rule, verdict, burden.path, burden.licence.id, clause, mend)


def _folded(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.lower())
