"""Persons and the accounts that act for them: opening an account, signing in, recovering it; officers, their posts and powers.

This room owns who people are and how they get in. It knows nothing of applications, tickets or pages: what must happen
elsewhere when an identity is claimed twice is given to it as a function, called inside its own transaction.
"""
