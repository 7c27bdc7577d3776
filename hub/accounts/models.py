"""Who there is: people, robots, organisations, and the tokens that speak for them."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models.functions import Lower

from hub.core import clock
from hub.core.ids import new_object_id

NAME_PATTERN = r"(?![-.])(?!.*(?:--|\.\.))[A-Za-z0-9_.-]{1,96}(?<![-.])(?<!\.git)"
validate_name = RegexValidator(
    rf"\A{NAME_PATTERN}\Z",
    "Use 1 to 96 letters, digits, '_', '.' or '-'; no '-' or '.' at either end, no '--', '..' or final '.git'.",
)
MAX_BIO = 500
MAX_DESCRIPTION = 2000
MAX_HOMEPAGE = 200
validate_homepage = URLValidator(["http", "https"], message="Use a web address, such as https://example.org.")
# The first words of this site's and the wire's addresses, of other hubs' that clients know, and what may become one.
_WORDS = """
about admin agreements api assets auth billing blog buckets cards chat collections compare datasets desk doc docs
enterprise evaluations explore favicon.ico feeds glossary governance guide hardware health healthz help jobs join
kernels leaderboards ledger likes login logout lost metrics models new notifications oauth organisations
organizations papers posts pricing privacy recalls register resolve robots.txt rows search security settings
signup spaces static status stored support tasks terms ui upload user users v1 watch well-known workers xet
"""
RESERVED_NAMES = frozenset(_WORDS.split())


# `name__lower=` finds a name in any case by the index of the constraint; `iexact` would read every row.
models.CharField.register_lookup(Lower)


class Namespace(models.Model):
    """A name that can own repositories. People, robots and organisations share one set of names, in any case."""

    class Kind(models.TextChoices):
        USER = "user", "User"
        ORGANISATION = "org", "Organisation"

    name = models.CharField(max_length=96, validators=[validate_name])
    kind = models.CharField(max_length=4, choices=Kind.choices)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("name"), name="namespace_name_unique_in_any_case")]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(namespace__name__lower=(username or "").lower())

    def create_superuser(self, username: str, password: str, **fields: Any) -> "User":
        """For `manage.py createsuperuser`."""
        namespace = Namespace.objects.create(name=username, kind=Namespace.Kind.USER)
        user = self.model(namespace=namespace, username=username, is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Someone who acts: a person, or a robot (a program with tokens and no password)."""

    class Kind(models.TextChoices):
        PERSON = "person", "Person"
        ROBOT = "robot", "Robot"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    namespace = models.OneToOneField(Namespace, on_delete=models.PROTECT, related_name="user")
    username = models.CharField(max_length=96, unique=True, validators=[validate_name])
    full_name = models.CharField(max_length=200, blank=True)
    bio = models.CharField(max_length=MAX_BIO, blank=True)
    homepage = models.URLField(max_length=MAX_HOMEPAGE, blank=True, validators=[validate_homepage])
    email = models.EmailField(blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.PERSON)
    must_change_password = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(default=clock.now)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.username

    @property
    def display_name(self) -> str:
        return self.full_name or self.username


class Organisation(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    namespace = models.OneToOneField(Namespace, on_delete=models.PROTECT, related_name="organisation")
    full_name = models.CharField(max_length=200, blank=True)
    description = models.CharField(max_length=MAX_DESCRIPTION, blank=True)
    homepage = models.URLField(max_length=MAX_HOMEPAGE, blank=True, validators=[validate_homepage])
    private_by_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.namespace.name


class Role(models.TextChoices):
    """What a member may do. Each role includes those before it; the label says it in words."""

    READ = "read", "Read: see and pull the organisation's private repositories"
    CONTRIBUTE = "contribute", "Contribute: also create repositories, and push to those they created"
    WRITE = "write", "Write: also push to every repository of the organisation"
    ADMIN = "admin", "Admin: also change settings, move and delete repositories, and manage members"

    @property
    def rank(self) -> int:
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        return self.rank >= other.rank


class Membership(models.Model):
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    joined_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}: {self.role}"


class AccessToken(models.Model):
    """A secret that speaks for a user. Only its sha256 is kept (it has 256 random bits, so it needs no salt)."""

    class Scope(models.TextChoices):
        READ = "read", "Read: pull what the user may see"
        WRITE = "write", "Write: also push, and create repositories"
        ADMIN = "admin", "Admin: also delete, move and change settings"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    scope = models.CharField(max_length=5, choices=Scope.choices)
    # Public ids of the only repositories it opens. Empty: all that the user may see.
    repositories = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.label} (…{self.hint})"


class DeviceLogin(models.Model):
    """A program that waits to be signed in by a short code. Of its own, long code only the sha256 is kept.

    waiting → approved → taken, or waiting → denied; each step is one conditional update.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a person"
        APPROVED = "approved", "Confirmed; the program fetches its token"
        TAKEN = "taken", "The program has its token"
        DENIED = "denied", "Refused"

    device_sha256 = models.CharField(max_length=64, unique=True)
    user_code = models.CharField(max_length=8, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    # As the program calls itself, and where it asked from.
    client = models.CharField(max_length=100, blank=True)
    address = models.CharField(max_length=45, blank=True, db_index=True)
    # Seconds that the program has to wait between two questions.
    interval = models.PositiveSmallIntegerField()
    asked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(db_index=True)
    # What the person who confirmed it gave: a token of theirs with this name, scope and end.
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    label = models.CharField(max_length=100, blank=True)
    scope = models.CharField(max_length=5, choices=AccessToken.Scope.choices, blank=True)
    days = models.PositiveSmallIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.user_code} ({self.state})"
