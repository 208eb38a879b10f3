"""Who runs a line: organisations, the accounts of those who sign in, and their roles."""

from datetime import time
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from quartier.lib.fields import SealedText
from quartier.lib.ids import uuid7


class Organisation(models.Model):
    """A group that runs a line. Every row about people belongs to exactly one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    host = models.CharField(max_length=200, blank=True, db_index=True)
    country = models.CharField(max_length=2, default="BE")
    languages = models.JSONField(default=list)
    phone = models.CharField(max_length=20, blank=True)
    # Who runs the line, where letters and mails to the group go: for its page about itself. Each may be empty.
    legal_name = models.CharField(max_length=160, blank=True, default="", db_default="")
    postal_address = models.CharField(max_length=200, blank=True, default="", db_default="")
    contact_email = models.CharField(max_length=254, blank=True, default="", db_default="")
    opens = models.TimeField(default=time(8))
    closes = models.TimeField(default=time(20))
    time_zone = models.CharField(max_length=50, default="Europe/Brussels")
    created_at = models.DateTimeField()

    # How neighbours are asked; docs/decisions has the figures behind the defaults.
    quiet_from = models.TimeField(default=time(22))
    quiet_until = models.TimeField(default=time(8))
    wave_size = models.PositiveSmallIntegerField(default=12)
    wave_minutes = models.PositiveSmallIntegerField(default=15)
    daily_budget = models.PositiveSmallIntegerField(default=2)
    waves_before_human = models.PositiveSmallIntegerField(default=6)
    # A way of asking, by its name in `matching.policies`; and whether it learns from each volunteer's answers.
    policy = models.CharField(max_length=12, default="adaptive", db_default="adaptive")
    learns = models.BooleanField(default=False, db_default=False)
    # The local day for which that was learnt last, and up to which volunteer it has come if it is not done.
    learned_on = models.DateField(null=True)
    learned_to = models.UUIDField(null=True)
    # What a volunteer may lay out at most: on one visit, and for one person within seven days. Cents of the euro.
    visit_cap_cents = models.PositiveIntegerField(default=3000, db_default=3000)
    week_cap_cents = models.PositiveIntegerField(default=6000, db_default=6000)

    # Volunteers are asked only for help of their level (`trust.rules`).
    vets = models.BooleanField(default=False, db_default=False)
    # Who goes to a door for the first time goes with somebody experienced (`visits.actions.pairing`).
    pairs_first = models.BooleanField(default=False, db_default=False)
    # Coordinators and heads sign in with a passkey; a code alone opens nothing to them.
    demands_passkeys = models.BooleanField(default=False, db_default=False)
    # Shifts or absences are written down in `rota`: without any, nobody looks for them.
    plans_duty = models.BooleanField(default=False, db_default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Account(AbstractBaseUser):
    """Somebody who can sign in. How to reach and recognise them is kept by `people.Person`, sealed.

    There are no passwords: one signs in with a code sent to one's mail or phone, or with a passkey.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="accounts")
    name = SealedText(blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    password = None  # type: ignore[assignment]

    USERNAME_FIELD = "id"

    def __str__(self) -> str:
        return str(self.id)


class Role(models.Model):
    """One role of one account. An account can have several."""

    class Name(models.TextChoices):
        VOLUNTEER = "volunteer"
        OPERATOR = "operator"
        LISTENER = "listener"
        SUPERVISOR = "supervisor"
        COORDINATOR = "coordinator"
        ADMIN = "admin"

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="roles")
    name = models.CharField(max_length=12, choices=Name)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="role_once")]

    def __str__(self) -> str:
        return self.name


class Pass(models.Model):
    """Somebody has passed the training for a role: on which day, and who of the team has seen it. It opens the role to
    a volunteer who asked for it; whom the head of the group takes into the team needs none."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="passes")
    role = models.CharField(max_length=12, choices=Role.Name)
    passed_on = models.DateField()
    recorded_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "role"], name="pass_once")]

    def __str__(self) -> str:
        return self.role


class Passkey(models.Model):
    """A WebAuthn credential: what the browser keeps a private key for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    account = models.ForeignKey(Account, models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=400, unique=True)
    credential = models.TextField()
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.id)


class BrowserSession(AbstractBaseSession):
    """What we keep of one browser's visit, for as long as it may come back. Its key is a keyed hash of the cookie's
    (`team.sessions`, decision 0051); `account` is whoever is signed in there."""

    session_key = models.CharField(max_length=43, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="browser_sessions")

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        from quartier.team.sessions import SessionStore

        return SessionStore
