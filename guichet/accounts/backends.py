"""Signing in by identifier and password."""

from django.contrib.auth.backends import ModelBackend


class IdentifierBackend(ModelBackend):
    """Looks an account up by its identifier."""
