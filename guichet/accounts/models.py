"""Persons and the accounts that act for them; officers and their posts."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from guichet.core import clock
from guichet.core.dates import PartialDate
from guichet.core.identifiers import comparable
from guichet.offices.models import Office


class Person(models.Model):
    """A foreign national: an identity frozen from a registry with its origin and date, or declared until one is known."""

    class Origin(models.TextChoices):
        REGISTRY = "registry"  # AGDREF, by the foreigner number
        VISABIO = "visabio"  # by a visa, until a foreigner number is given
        DECLARED = "declared"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    foreigner_number = models.CharField(max_length=20, unique=True, null=True, blank=True)
    birth_name = models.CharField(max_length=200, blank=True)
    usage_name = models.CharField(max_length=200, blank=True)
    first_names = models.CharField(max_length=200, blank=True)  # blank for people with a single name
    sex = models.CharField(max_length=1, blank=True)  # M, F, X
    birth_date_text = models.CharField(max_length=10, blank=True)  # a PartialDate as text
    birth_country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    birth_place = models.CharField(max_length=200, blank=True)
    nationality = models.CharField(max_length=3, blank=True)  # ISO 3166-1 alpha-2, or XXA: stateless
    # The visa by which VISABIO knew who this is: its number (capital letters and digits), first and last day.
    visa_number = models.CharField(max_length=60, unique=True, null=True, blank=True)
    visa_valid_from = models.DateField(null=True, blank=True)
    visa_valid_until = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.DECLARED)
    frozen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    # Names as they are compared, so that officers find one among millions by the beginning of a name. Kept by ``save``.
    name_key = models.CharField(max_length=800, blank=True, editable=False, db_index=True)
    usage_name_key = models.CharField(max_length=800, blank=True, editable=False, db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_identity_from_a_registry_has_its_number_and_date",
                condition=~models.Q(origin="registry")
                | (models.Q(foreigner_number__isnull=False) & models.Q(frozen_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="an_identity_from_visabio_has_its_visa_and_date",
                condition=~models.Q(origin="visabio")
                | (models.Q(visa_number__isnull=False) & models.Q(frozen_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="a_visa_has_its_two_days",
                condition=models.Q(visa_number__isnull=True)
                | models.Q(visa_valid_from__isnull=False, visa_valid_until__gte=models.F("visa_valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name_key = comparable(f"{self.birth_name} {self.first_names}")
        self.usage_name_key = comparable(f"{self.usage_name} {self.first_names}") if self.usage_name else ""
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "name_key", "usage_name_key"}
        super().save(*args, **kwargs)

    @property
    def is_frozen(self) -> bool:
        """Whether a registry says who this is: nobody types over it."""
        return self.origin != Person.Origin.DECLARED

    @property
    def birth_date(self) -> PartialDate | None:
        return PartialDate.parse(self.birth_date_text) if self.birth_date_text else None

    @property
    def display_name(self) -> str:
        """First names, then the name: «Amadou DIALLO», or the single name."""
        return " ".join(part for part in (self.first_names, (self.usage_name or self.birth_name).upper()) if part)


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(identifier=username)


class Account(AbstractBaseUser):
    """A way to sign in and to act for persons. The identifier is a foreigner number, or the e-mail until one exists.

    An account that a visa opened has no password, and an identifier that nobody types (``BY_VISA`` and the number): a fresh
    mailed link opens it each time, until a foreigner number is given.
    """

    BY_VISA: ClassVar[str] = "visa:"

    class Kind(models.TextChoices):
        APPLICANT = "applicant"
        OFFICER = "officer"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.APPLICANT)
    identifier = models.CharField(max_length=254, unique=True)
    email = models.EmailField()  # not unique: a family, a care home
    display_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="fr")
    is_active = models.BooleanField(default=True)
    # Until when the password sent by mail opens the account; present until its owner has chosen another.
    temporary_password_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "identifier"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email"]

    objects = AccountManager()

    class Meta:
        indexes = [models.Index(fields=["email"], name="account_email")]

    def __str__(self) -> str:
        return f"account {self.pk}"

    @property
    def is_visa_access(self) -> bool:
        """Opened by mailed links only: no password, no identifier to type."""
        return self.identifier.startswith(self.BY_VISA)

    @property
    def must_change_password(self) -> bool:
        return self.temporary_password_until is not None


class Representation(models.Model):
    """An account acts for a person: for oneself, or for someone whom one represents."""

    class Capacity(models.TextChoices):
        SELF = "self"
        PARENT = "parent"
        GUARDIAN = "guardian"
        CARE_SERVICE = "care_service"

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="representations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="representations")
    capacity = models.CharField(max_length=20, choices=Capacity, default=Capacity.SELF)
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "person"], name="one_representation_per_account_and_person")]

    def __str__(self) -> str:
        return f"{self.account} for {self.person}"


class FranceConnectLink(models.Model):
    """Somebody of FranceConnect who signs in to this account. ``subject`` is our hash of who they are there."""

    subject = models.CharField(max_length=64, primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="franceconnect_links")
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["linked_at", "subject"]

    def __str__(self) -> str:
        return f"FranceConnect of {self.account}"


class LinkToken(models.Model):
    """A mailed link: hashed, dated, used once. ``payload`` holds what the link completes (a pending account)."""

    class Purpose(models.TextChoices):
        ACTIVATE = "activate"
        VISA_ACCESS = "visa_access"
        RESET_PASSWORD = "reset_password"
        SET_UP_OFFICER = "set_up_officer"

    hashed = models.CharField(max_length=64, primary_key=True)
    purpose = models.CharField(max_length=20, choices=Purpose)
    identifier = models.CharField(max_length=254, blank=True)  # of the account that an activation would open
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="link_tokens")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["identifier"], name="link_identifier"),
            models.Index(fields=["expires_at"], name="link_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} link"


class OpenSession(models.Model):
    """A browser where an account is signed in, so that its owner can see and close it."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField(default=clock.now)
    browser = models.CharField(max_length=60, blank=True)  # «Firefox, Android»: enough to recognise one's own

    class Meta:
        ordering = ["-signed_in_at", "-id"]

    def __str__(self) -> str:
        return f"session of {self.account}"


class Officer(models.Model):
    """Someone who works on applications. Signs in apart, with a second factor."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, related_name="officer", primary_key=True)
    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """What an officer may do, and where. No office: the whole country."""

    class Role(models.TextChoices):
        RECEPTION = "reception"
        CASE_OFFICER = "case_officer"
        DECISION_MAKER = "decision_maker"
        OFFICE_ADMINISTRATOR = "office_administrator"
        NATIONAL_ADMINISTRATOR = "national_administrator"

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="posts")
    office = models.ForeignKey(Office, null=True, blank=True, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=Role)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["officer", "office", "role"], name="one_post_per_officer_office_and_role"),
            models.CheckConstraint(
                name="only_the_national_administrator_has_no_office",
                condition=models.Q(office__isnull=False) | models.Q(role="national_administrator"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.role}"
