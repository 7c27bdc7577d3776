"""Consumer profiles, and which token speaks for which."""

from typing import Any

from hub.accounts.models import AccessToken, Organisation, Role
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core.errors import Conflict, InvalidInput
from hub.core.transactions import write_transaction
from hub.governance.errors import NotAReviewer
from hub.governance.models import Environment, PolicyChange, Profile, TokenProfile
from hub.governance.permissions import check_governor

_FIELDS = (
    "environment", "is_default", "is_commercial", "is_service", "regions", "monthly_users", "revenue_usd", "tier",
    "use_codes", "purposes", "default_purpose", "clearance",
)  # fmt: skip
_CLEARANCES = ("none", "indirect", "direct")


def save_profile(
    *, by: Viewer, name: str, organisation: Organisation | None = None, profile: Profile | None = None, **told: Any
) -> Profile:
    """Make a profile (or change that one): of an organisation by its admins, of the hub by the hub's."""
    owner = profile.organisation if profile else organisation
    check_keeper(by, owner)
    _check(name, told)
    made = profile or Profile(organisation=owner, created_by=by.name)
    made.name = name.strip()
    for field in _FIELDS:
        if field in told:
            setattr(made, field, told[field])
    same = Profile.objects.filter(organisation=owner)
    if same.filter(name=made.name).exclude(pk=made.pk).exists():
        raise Conflict(f"There is a profile called {made.name} already. Change that one, or choose another name.")
    with write_transaction():
        if made.is_default:
            same.exclude(pk=made.pk).update(is_default=False)
        made.save()
        _note(made, by, "change" if profile else "create")
    return made


def delete_profile(*, by: Viewer, profile: Profile) -> None:
    """End a profile that no token speaks for."""
    check_keeper(by, profile.organisation)
    with write_transaction():
        if count := TokenProfile.objects.filter(profile=profile, token__revoked_at=None).count():
            raise Conflict(f"{count} tokens speak for {profile.name}. Revoke them, or give them another profile first.")
        _note(profile, by, "delete")
        profile.delete()


def give_profile(*, by: Viewer, token: AccessToken, profile: Profile | None) -> None:
    """Let a token speak for a profile (None: for the default one). Whose token it is must belong to the profile's
    organisation.

    They choose it once. To change it afterwards takes whoever keeps the profile that it has: else what production asks
    of a token would end where its owner moves it to a sandbox. Raises `NotAReviewer`, `NotSignedIn`.
    """
    owner = Viewer(user=token.user)
    if profile and profile.organisation and owner.role_in(profile.organisation.namespace_id) is None:
        raise NotAReviewer(f"The profile {profile.name} belongs to {profile.organisation}, and {token.user} doesn't.")
    with write_transaction():
        AccessToken.objects.select_for_update().get(pk=token.pk)
        _check_gives(by, token)
        TokenProfile.objects.filter(token=token).delete()
        if profile:
            TokenProfile.objects.create(token=token, profile=profile)
        name = profile.name if profile else ""
        record(by=by.name or "system", action="token.profile", subject=token.public_id, profile=name)


def check_keeper(by: Viewer, organisation: Organisation | None, deed: str = "") -> None:
    """Raises unless the viewer may change profiles of that organisation (None: of the hub), or what `deed` names."""
    if organisation and by.has_full_powers and by.role_in(organisation.namespace_id) == Role.ADMIN:
        return
    also = f", or an admin of {organisation} with full powers" if organisation else ""
    check_governor(by, deed or f"change profiles of {organisation or 'this hub'}", also=also)


def _check_gives(by: Viewer, token: AccessToken) -> None:
    held = TokenProfile.objects.filter(token=token).select_related("profile__organisation").first()
    if _is_system(by):
        return
    if held is not None:
        check_keeper(by, held.profile.organisation, f"give a token another profile than {held.profile}")
    elif by.user != token.user:
        raise NotAReviewer("Only the token's owner may choose its profile. Ask them, or an administrator of this hub.")


def _is_system(by: Viewer) -> bool:
    return by.user is None and by.is_admin


def _check(name: str, told: dict[str, Any]) -> None:
    if not name.strip() or len(name) > 100 or "\0" in name:
        raise InvalidInput("Name the profile, in 1 to 100 characters, after who pulls with it and where.")
    if told.get("environment", Environment.DEVELOPMENT) not in Environment.values:
        raise InvalidInput(f"The environment is one of {', '.join(Environment.values)}.")
    if told.get("clearance", "none") not in _CLEARANCES:
        raise InvalidInput(f"The clearance is one of {', '.join(_CLEARANCES)}.")
    if told.get("tier", 1) not in (1, 2, 3, 4):
        raise InvalidInput("The tier is 1 to 4.")
    default, purposes = told.get("default_purpose", ""), told.get("purposes", [])
    if default and purposes and default not in purposes:
        raise InvalidInput(f"{default} is not among the profile's purposes. Add it there, or leave it out.")


def _note(profile: Profile, by: Viewer, what: str) -> None:
    PolicyChange.objects.create(kind=PolicyChange.Kind.PROFILE, subject=profile.name, after=what, by=by.name)
    told = {field: getattr(profile, field) for field in _FIELDS}
    record(by=by.name or "system", action=f"profile.{what}", subject=str(profile), **told)
