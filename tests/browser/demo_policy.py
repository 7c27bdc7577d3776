"""For the demo hub: profiles and a rule of its own, pulls, a waiver, a recall, a gate with requests, a broken licence."""

import hashlib
from collections.abc import Callable

from hub.accounts import services as accounts
from hub.accounts.models import AccessToken, User
from hub.accounts.selectors import find_organisation
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import MAIN, Repo
from hub.catalog.selectors import revision_of
from hub.governance.models import Profile, RecallNotice
from hub.governance.selectors.policies import policies
from hub.governance.services import access, acceptances, profiles, pull_log, pulls, recalls, rules, waivers

GATED = "headstart/chat-base"
CONFLICT = "vision-team/weld-chat"
LICENCE = b"LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\nLlama 3.1 Version Release Date: July 23, 2024\n"
BASE = """---
license: llama3.1
pipeline_tag: text-generation
extra_gated_heading: Before you pull it
extra_gated_prompt: You agree to the licence, and to *name the model* wherever you build on it.
extra_gated_button_content: Ask for access
extra_gated_fields:
  Company: text
  Country: country
  Purpose: {type: select, options: [Research, Product]}
  I keep to the acceptable use policy: checkbox
---
# Chat base

A small model for conversations, the base of those that answer questions about welds.
"""
CHILD = f"""---
license: mit
base_model: {GATED}
base_model_relation: finetune
pipeline_tag: text-generation
---
# Weld chat

Answers questions of welders.
"""
ANSWERS = {"Company": "Acme", "Country": "FI", "Purpose": "Research", "I keep to the acceptable use policy": True}


def repos(make: Callable[..., None]) -> None:
    """`make(owner, name, card=, files=)` makes a repository."""
    make("headstart", "chat-base", card=BASE, files={"LICENSE": LICENCE, "config.json": b'{"model_type": "llama"}'})
    make("vision-team", "weld-chat", card=CHILD, files={"config.json": b'{"model_type": "llama"}'})
    make("vision-team", "old-detector", card="---\nlicense: mit\n---\n# Old detector\n\nFinds welds in pictures.\n")
    base = "base_model: vision-team/old-detector\nbase_model_relation: quantized"
    make("ada", "old-detector-q4", card=f"---\nlicense: mit\n{base}\n---\n# Old detector, small\n")


def make() -> None:
    """After the reviews: who pulled what under which profile, and what is done about it."""
    _gate()
    production = profiles.save_profile(
        by=_viewer("root"), name="line 4, production", environment="production", is_default=False, is_service=True,
        is_commercial=True, regions=["FI", "SE"], tier=3, purposes=["quality control", "search"],
    )  # fmt: skip
    profiles.save_profile(by=_viewer("root"), name="laboratory", environment="development", purposes=["research"])
    organisation = find_organisation("vision-team")
    profiles.save_profile(by=_viewer("ada"), name="vision, trials", organisation=organisation, environment="sandbox",
                          monthly_users=40, tier=2)  # fmt: skip
    _pulls(production)
    _rules()
    _waivers()
    old = _repo("vision-team/old-detector")
    recalls.recall(by=_viewer("root"), repo=old, reason="It misses cracks in aluminium: 31 of 200 in a test of ours.",
                   replacement="vision-team/defect-detector", derived=True)  # fmt: skip
    recalls.advise(by=_viewer("ada"), repo=_repo("vision-team/sweep-04"), kind="deprecated",
                   reason="A later sweep is better.", replacement="vision-team/sweep-03")  # fmt: skip
    notice = RecallNotice.objects.filter(user__username="grace").first()
    if notice is not None:
        recalls.acknowledge(by=_viewer("grace"), notice=notice, answer="Removed it from line 4; the new one runs.")


def _gate() -> None:
    repo = catalog.update_settings(by=accounts.SYSTEM, repo=_repo(GATED), gated="manual")
    for name in ("lise", "mary"):
        access.request_access(by=_viewer(name), repo=repo, fields=ANSWERS, message="For the chat of line 4.")
    read = access.request_access(by=_viewer("noether"), repo=repo, fields=ANSWERS)
    access.decide(by=_viewer("ada"), request=read, status="accepted", days=90)
    digest = hashlib.sha256(LICENCE).hexdigest()
    acceptances.accept_shown(by=_viewer("ada"), repo=repo, text_sha256=digest, reference="LEGAL-114",
                             organisation=find_organisation("vision-team"))  # fmt: skip


def _pulls(production: Profile) -> None:
    """By people on the site's default, and by a service under its profile."""
    asked = (("ada", "headstart/all-minilm-l6-v2", "search"), ("grace", "headstart/resnet50", ""),
             ("grace", "vision-team/old-detector", "quality control"), ("ada", "ada/old-detector-q4", ""),
             ("ada", "vision-team/old-detector", "quality control"))  # fmt: skip
    for name, key, purpose in asked:
        _pull(_viewer(name), key, purpose)
    token, _ = accounts.issue_token(by=accounts.SYSTEM, user=_user("ada"), label="line 4", scope=AccessToken.Scope.READ)
    profiles.give_profile(by=_viewer("ada"), token=token, profile=production)
    for key in ("headstart/all-minilm-l6-v2", "vision-team/sweep-03", "headstart/resnet50", CONFLICT):
        _pull(Viewer(user=_user("ada"), token=token), key, "quality control")
    pull_log.flush_pulls()


def _pull(viewer: Viewer, key: str, purpose: str) -> None:
    at = revision_of(_repo(key), MAIN)
    decision = pulls.decide(viewer, at, purpose=purpose, client="huggingface_hub/1.33.0")
    pull_log.note(viewer, at, decision, client="huggingface_hub/1.33.0", files=4)


def _rules() -> None:
    root = _viewer("root")
    rules.save_rule(
        by=root, code="A-01", title="Speech models need consent of those who speak", reason="Decided by the works council.",
        expression='repo.task == "automatic-speech-recognition" && data.completeness < 0.8',
        message="The data record is too thin for a model of speech.", mend="Complete the record of training data.",
    )  # fmt: skip
    rule = policies().rules["P-12"]
    rules.set_mode(
        by=root, rule=rule, mode="enforce", environment="sandbox", reason="The sandbox is where it should show."
    )


def _waivers() -> None:
    repo, reason = _repo("vision-team/sweep-01"), "The line stands still without it; a new one is in training."
    asked = waivers.ask_waiver(by=_viewer("grace"), rule="P-01", repo=repo, reason=reason, days=30)
    waivers.grant_waiver(by=_viewer("hopper"), waiver=asked, conditions=["A person looks at every tenth weld."])
    waivers.ask_waiver(by=_viewer("grace"), rule="P-05", repo=_repo("headstart/resnet50"), reason=reason, days=14)


def _viewer(name: str) -> Viewer:
    return Viewer(user=_user(name))


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _repo(key: str) -> Repo:
    return Repo.objects.select_related("owner").get(key=key)
