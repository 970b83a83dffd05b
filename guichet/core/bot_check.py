"""Telling people from scripts without asking anybody else: a proof of work, or a question in plain words.

The proof of work is done by the browser and costs whoever sends thousands of requests; the question is for who cannot run
scripts, and is read aloud like any text. Both are signed by us, expire, and are spent once: a row says so. Making one writes
nothing, so that a page may be looked at; answering writes.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import altcha
from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import connection
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from guichet.core import clock, questions, throttling
from guichet.core.errors import ActionRefused
from guichet.core.identifiers import hash_token, random_text
from guichet.core.models import SpentCheck

VALID = timedelta(minutes=20)  # to read the page and press the button
HASHES: int = settings.BOT_CHECK_HASHES  # at most; half of it on average
LONGEST = 2_000  # characters of an answer: more is none of ours
TRIES = throttling.Limit("bot_check", 15, 600)  # questions answered from one address in ten minutes
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


class CheckRefused(ActionRefused):
    """The check was not passed. ``code``: ``check_wrong``, ``check_expired``, ``check_spent``; another one is given."""


def _refused(code: str) -> CheckRefused:
    return CheckRefused(
        {
            "check_expired": _("Ce contrôle de sécurité était ouvert depuis trop longtemps. En voici un autre."),
            "check_spent": _("Ce contrôle de sécurité a déjà servi. En voici un autre."),
        }.get(code, _("Ce n'est pas la bonne réponse. Voici une autre question.")),
        code,
    )


@dataclass(frozen=True)
class Question:
    """A question to show: ``text`` in the active language, ``token`` to send back with the answer."""

    token: str
    text: str


def _secret(use: str) -> str:
    return salted_hmac("guichet.core.bot_check", use, algorithm="sha256").hexdigest()


# Proof of work ------------------------------------------------------------------------------------------------------------


def challenge() -> dict[str, Any]:
    """A challenge for browsers: the ``number`` up to ``maxNumber`` for which SHA-256(salt ‖ number) is ``challenge``."""
    until = int((clock.now() + VALID).timestamp())
    options = altcha.ChallengeOptions(
        algorithm="SHA-256", max_number=HASHES, hmac_key=_secret("proof"), params={"until": str(until)}
    )
    return dict(altcha.create_challenge(options).to_dict())


def pass_proof(sent: str) -> str:
    """Spends a solved challenge (base64 of JSON, as browsers send it) and returns what it is known by.

    Raises ``CheckRefused``. Call outside of transactions: a refusal that rolls back would give it back.
    """
    solved = _read(sent)
    salt = SALT.fullmatch(solved["salt"])
    if salt is None or not altcha.verify_solution(solved, _secret("proof"), check_expires=False)[0]:
        raise _refused("check_wrong")
    _spend("proof", solved["challenge"], datetime.fromtimestamp(int(salt[1]), clock.PARIS))
    return f"proof:{solved['challenge']}"


# A salt as ``challenge`` writes it. The library tidies what is sent before it verifies it: of two ``until`` it would hash the
# last, ours, while the first, of whoever sends it, were read; a solved challenge would never expire.
SALT = re.compile(r"[0-9a-f]+\?until=([0-9]{1,11})&")
SHAPE: dict[str, type] = {"algorithm": str, "challenge": str, "salt": str, "signature": str, "number": int}


def _read(sent: str) -> Any:
    try:
        solved = json.loads(base64.b64decode(sent[:LONGEST], validate=True))
    except (ValueError, binascii.Error, RecursionError) as error:
        raise _refused("check_wrong") from error
    good = isinstance(solved, dict) and all(type(solved.get(name)) is kind for name, kind in SHAPE.items())
    if not good or solved["algorithm"] != "SHA-256" or not 0 <= solved["number"] <= HASHES:
        raise _refused("check_wrong")
    return {name: solved[name] for name in SHAPE}


# A question ---------------------------------------------------------------------------------------------------------------


def question() -> Question:
    """A new question. What it asks cannot be told from its token, only from its words."""
    name = random_text(ALPHABET, 20)
    until = int((clock.now() + VALID).timestamp())
    token = Signer(salt="guichet.core.bot_check").sign_object({"name": name, "until": until})
    return Question(token, questions.ask(_pick(name)))


def pass_question(token: str, typed: str, *, address: str) -> str:
    """Spends a question with its answer, right or wrong, and returns what it is known by.

    Raises ``CheckRefused``, ``TooManyTries`` (by address). Call outside of transactions.
    """
    throttling.spend(TRIES, address)
    try:
        known = Signer(salt="guichet.core.bot_check").unsign_object(token[:LONGEST])
        name, until = str(known["name"]), datetime.fromtimestamp(int(known["until"]), clock.PARIS)
    except (BadSignature, ValueError, KeyError, TypeError, binascii.Error) as error:
        raise _refused("check_wrong") from error
    _spend("question", name, until)
    if not questions.is_right(_pick(name), typed[:LONGEST]):
        raise _refused("check_wrong")
    return f"question:{name}"


def _pick(name: str) -> Callable[[int], int]:
    """Draws that are always the same for a question, and that nobody reckons without our secret."""
    drawn = iter(bytes.fromhex(_secret(f"question:{name}")))
    return lambda count: next(drawn) % count


# Spent once ---------------------------------------------------------------------------------------------------------------


def _spend(kind: str, name: str, until: datetime) -> None:
    if until <= clock.now():
        raise _refused("check_expired")
    values = [hash_token(f"{kind}:{name}"), connection.ops.adapt_datetimefield_value(until)]
    with connection.cursor() as cursor:
        # One statement, which is a transaction by itself: whoever comes second writes no row.
        cursor.execute("INSERT INTO core_spentcheck (digest, until) VALUES (%s, %s) ON CONFLICT DO NOTHING", values)
        if cursor.rowcount == 0:
            raise _refused("check_spent")


def forget_spent() -> int:
    """Removes the rows of checks that have expired: they are refused without them."""
    return SpentCheck.objects.filter(until__lt=clock.now() - VALID).delete()[0]
