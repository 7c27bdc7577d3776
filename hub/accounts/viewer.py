"""The reader or actor behind a request, with what they may do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from hub.accounts.models import AccessToken, Membership, Role, User


@dataclass(frozen=True)
class Viewer:
    """Who asks: nobody, or a user through a session (`token` is None) or through an access token.

    A token never gives more than its user has: roles come from the user, the token's scope and its list of
    repositories only narrow them. What the user has as an administrator of the hub, and all that changes accounts,
    takes a session or a token of admin scope for all repositories (`has_full_powers`).
    """

    user: User | None = None
    token: AccessToken | None = None

    @property
    def is_signed_in(self) -> bool:
        return self.user is not None

    @property
    def name(self) -> str:
        """The user name, or an empty string for nobody."""
        return self.user.username if self.user else ""

    @property
    def is_admin(self) -> bool:
        """An administrator of this hub, whose token (if any) doesn't narrow that: neither in reading nor in writing."""
        return bool(self.user and self.user.is_superuser) and self.has_full_powers

    @property
    def has_full_powers(self) -> bool:
        """Signed in, or with a token of admin scope that is not limited to single repositories."""
        return self.scope_includes(AccessToken.Scope.ADMIN) and self.only_repositories is None

    @property
    def only_repositories(self) -> frozenset[str] | None:
        """The public ids that the token is limited to; None: no such limit."""
        return frozenset(self.token.repositories) if self.token and self.token.repositories else None

    def scope_includes(self, scope: AccessToken.Scope) -> bool:
        """Whether the token (a session has every scope) reaches `scope`."""
        order = list(AccessToken.Scope)
        return self.is_signed_in and (
            self.token is None or order.index(AccessToken.Scope(self.token.scope)) >= order.index(scope)
        )

    @cached_property
    def roles(self) -> Mapping[int, Role]:
        """Role by namespace id: admin of their own name, and what each organisation gave. One query, once."""
        if self.user is None:
            return {}
        rows = Membership.objects.filter(user=self.user).values_list("organisation__namespace_id", "role")
        return {self.user.namespace_id: Role.ADMIN, **{namespace: Role(role) for namespace, role in rows}}

    def role_in(self, namespace_id: int) -> Role | None:
        """The role in that namespace; a hub administrator is admin everywhere."""
        return Role.ADMIN if self.is_admin else self.roles.get(namespace_id)


ANONYMOUS = Viewer()
