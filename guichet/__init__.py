"""Guichet: asking a State for the right to stay, done right.

One Django project, one room per subject; a room imports only from the floors below it
(see ``docs/architecture.md``).
"""
