"""Officers: their accounts, posts and second factor. Called through ``actions``."""

import base64
import time
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from guichet.accounts import links
from guichet.accounts.claims import normalise_email
from guichet.accounts.errors import CodeRefused, OfficerExists
from guichet.accounts.models import Account, LinkToken, Officer, Post
from guichet.accounts.opening import check_password
from guichet.core import events
from guichet.core.identifiers import digits
from guichet.offices.models import Office

CODE_SECONDS = 30  # a code lives this long; one step of tolerance on each side


@dataclass(frozen=True)
class SetUpLink:
    """What an administrator hands over to a new officer: the raw token of a link, valid three days, used once."""

    officer: Officer
    raw: str


def create_officer(
    name: str, email: str, posts: Iterable[tuple[str, Office | None]], *, language: str = "fr", by: events.Actor = events.SYSTEM
) -> SetUpLink:
    """A new officer with posts ``(role, office)``; no office is the whole country. Raises ``OfficerExists``."""
    identifier = normalise_email(email)
    with transaction.atomic():
        if Account.objects.filter(identifier=identifier).exists():
            raise OfficerExists
        account = Account(
            kind=Account.Kind.OFFICER, identifier=identifier, email=identifier, display_name=name, language=language
        )
        account.set_unusable_password()
        account.save(force_insert=True)
        officer = Officer.objects.create(account=account, name=name)
        for role, office in posts:
            Post.objects.create(officer=officer, role=role, office=office)
        events.record("officer_created", events.Subject("account", str(account.pk)), by)
        return _set_up_link(officer)


def renew_officer(officer: Officer, *, by: events.Actor = events.SYSTEM) -> SetUpLink:
    """A new set-up link for an officer who lost the password or the telephone: both are set again, sessions end."""
    with transaction.atomic():
        account = officer.account
        account.set_unusable_password()
        account.save(update_fields=["password"])
        account.open_sessions.all().delete()
        TOTPDevice.objects.filter(user=account).delete()
        links.void(purpose=LinkToken.Purpose.SET_UP_OFFICER, account=account)
        events.record("officer_renewed", events.Subject("account", str(account.pk)), by)
        return _set_up_link(officer)


def _set_up_link(officer: Officer) -> SetUpLink:
    raw, _token = links.issue(LinkToken.Purpose.SET_UP_OFFICER, account=officer.account)
    return SetUpLink(officer, raw)


def set_officer_password(raw: str, password: str) -> Account:
    """Sets the password by a set-up link, used up. Raises ``LinkUnusable``, ``PasswordRefused``."""
    token = links.look_up(raw, LinkToken.Purpose.SET_UP_OFFICER)
    account = token.account
    if account is None:
        raise RuntimeError("A set-up link always has its account.")
    check_password(password, account)
    hashed = make_password(password)
    with transaction.atomic():
        links.consume(token)
        account.password = hashed
        account.save(update_fields=["password"])
        prepare_second_factor(account)
    return account


def prepare_second_factor(account: Account, *, secret: str = "") -> TOTPDevice:
    """The officer's TOTP device, made if there is none: to be confirmed by a code, or by its ``secret`` (base32)."""
    device = TOTPDevice.objects.filter(user=account).order_by("-confirmed", "id").first()
    if device is None:
        key = {"key": base64.b32decode(secret).hex()} if secret else {}
        device = TOTPDevice.objects.create(user=account, name="totp", confirmed=bool(secret), **key)
    return device


def secret_of(device: TOTPDevice) -> str:
    """The secret as applications show it: base32, in groups of four."""
    text = base64.b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def verify_second_factor(account: Account, code: str) -> TOTPDevice:
    """Accepts a code once. Raises ``CodeRefused``: ``replayed`` (wait for the next), ``throttled``, ``wrong``, ``missing``.

    The first accepted code confirms a device that was being set up.
    """
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=account).order_by("-confirmed", "id").first()
        if device is None:
            raise CodeRefused(
                _("Aucun second facteur n'est réglé. Demandez un nouveau lien à votre administrateur."), "missing"
            )
        refused = _refusal(device, digits(code))
        if refused is None and not device.confirmed:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            events.record(
                "second_factor_set_up", events.Subject("account", str(account.pk)), events.Actor("officer", str(account.pk))
            )
    if refused is not None:  # raised after the transaction: what was counted against guessing stays counted
        raise refused
    return device


def _refusal(device: TOTPDevice, code: str) -> CodeRefused | None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        locked_until = (why or {}).get("locked_until")
        seconds = max(ceil(locked_until.timestamp() - time.time()), 1) if locked_until else CODE_SECONDS
        return CodeRefused(
            ngettext_lazy(
                "Plusieurs codes étaient faux. Attendez %(seconds)d seconde, puis tapez un nouveau code.",
                "Plusieurs codes étaient faux. Attendez %(seconds)d secondes, puis tapez un nouveau code.",
                "seconds",
            )
            % {"seconds": seconds},
            "throttled",
        )
    if _already_used(device, code):
        return CodeRefused(
            ngettext_lazy(
                "Ce code vient de servir. Attendez le suivant : il paraît dans %(seconds)d seconde au plus.",
                "Ce code vient de servir. Attendez le suivant : il paraît dans %(seconds)d secondes au plus.",
                "seconds",
            )
            % {"seconds": seconds_to_next_code()},
            "replayed",
        )
    if device.verify_token(code):
        return None
    return CodeRefused(
        _("Ce code n'est pas le bon. Vérifiez que l'heure de votre téléphone se règle automatiquement, puis tapez le code."),
        "wrong",
    )


def _already_used(device: TOTPDevice, code: str) -> bool:
    """Whether this is the code of a step already used: said apart from a wrong one, and not counted as one."""
    if not code.isdigit() or device.last_t < 0:
        return False
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    totp.time = time.time()
    return totp.t() - device.last_t <= device.tolerance + 1 and _code_at(device, device.last_t) == int(code)


def _code_at(device: TOTPDevice, step: int) -> int:
    totp = TOTP(device.bin_key, device.step, device.t0, device.digits, 0)
    totp.time = device.t0 + step * device.step
    return int(totp.token())


def seconds_to_next_code() -> int:
    """Until telephones show another code (real time: telephones do not follow the demonstration's clock)."""
    return CODE_SECONDS - int(time.time()) % CODE_SECONDS
