"""Signing in by identifier and password, each kind of account by its own door."""

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from guichet.accounts.models import Account


class IdentifierBackend(BaseBackend):
    """Looks an account up by its identifier and its door. Every refusal costs one hash: time tells nothing."""

    def authenticate(
        self,
        request: HttpRequest | None,
        identifier: str | None = None,
        password: str | None = None,
        kind: str = Account.Kind.APPLICANT,
        **others: Any,
    ) -> Account | None:
        if not identifier or password is None:
            return None
        account = Account.objects.filter(identifier=identifier).first()
        if account is None or not account.has_usable_password():
            Account().set_password(password)
            return None
        right = account.check_password(password)
        return account if right and account.is_active and account.kind == kind else None

    def get_user(self, user_id: UUID) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
