"""Residence permits held, as the registries know them, and the certificates that prolong rights until a decision.

Knows a person and an opaque source (kind and id) that called for a certificate; knows nothing of applications.
"""
