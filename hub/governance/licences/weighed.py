"""Which rules look at something, whether they are then met or broken."""

import re
from collections.abc import Iterable, Iterator

from hub.governance.licences.ancestry import Burden
from hub.governance.licences.consumer import Consumer, PullVerdict
from hub.governance.licences.judgement import Judgement
from hub.governance.licences.rules import NO_CHANGES
from hub.governance.licences.table import Licence


def weighed(
    met: tuple[Burden, ...], judged: Judgement, pulled: PullVerdict, consumer: Consumer, *, has_texts: bool
) -> tuple[str, ...]:
    found = {fault.rule for fault in judged.faults} | {each.rule for each in (*pulled.reasons, *pulled.duties)}
    found |= {rule for burden in met for rule in rules_for(burden)}
    terms = judged.terms
    asked = {
        "L3": any(each.is_non_commercial for each in terms),
        "L8": any(burden.relation == "merge" for burden in met),
        "L9": any(each.mau_limit or each.revenue_limit_usd or each.territory_excluded for each in terms),
        "L10": any(each.needs_acceptance for each in terms),
        "L15": has_texts,
        "P-NET": consumer.is_service and any(each.share_alike == "network" for each in terms),
    }
    found |= {rule for rule, is_asked in asked.items() if is_asked}
    return ordered(found)


def ordered(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(rules, key=lambda rule: (rule[0], int(re.sub(r"\D", "", rule) or 99), rule)))


def rules_for(burden: Burden) -> Iterator[str]:
    """Which rules look at it, whether they are then met or broken."""
    licence = burden.licence
    effect = licence.output_training if burden.how == "outputs" else licence.data_to_model_effect
    if burden.how == "code":
        yield "L11"
        return
    asked = {
        "L0": not licence.is_known,
        "L5": licence.needs_notice,
        "L14": not burden.is_direct,
        **(_rules_for_weights(licence) if burden.how == "derived" else _rules_for_teaching(burden, effect)),
    }
    yield from (rule for rule, is_asked in asked.items() if is_asked)


def _rules_for_weights(licence: Licence) -> dict[str, bool]:
    return {
        "L1": licence.pass_through != "no",
        "L2": licence.share_alike not in ("none", "unknown"),
        "L3": licence.is_non_commercial,
        "L4": licence.derivatives in NO_CHANGES or licence.redistribution == "no",
        "L6": bool(licence.name_prefix),
        "L12": licence.patent in ("express", "excluded"),
    }


def _rules_for_teaching(burden: Burden, effect: str) -> dict[str, bool]:
    is_data = burden.how == "data"
    return {
        "L1": effect in ("derivative", "use_restrictions"),
        "L2d": is_data and burden.licence.share_alike not in ("none", "unknown"),
        "L3": effect == "nc" and not is_data,
        "L3d": effect == "nc" and is_data,
        "L4d": is_data and burden.licence.derivatives in NO_CHANGES,
        "L6": effect == "named",
        "L7": not is_data or effect in ("same_family", "derivative", "named", "no_competing"),
    }
