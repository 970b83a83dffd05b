"""How many tries each way in allows. What counts them is ``core.throttling``."""

from guichet.core.throttling import Limit

# Data that do not match the registry, from one address: on one number, and on any.
MISMATCH_ON_NUMBER = Limit("mismatch-number", 5, 15 * 60)
MISMATCH_FROM_ADDRESS = Limit("mismatch-address", 30, 3600)
# Mails asked for, from one address: to one person, and to anyone.
MAILS_TO_ONE = Limit("mails-one", 6, 3600)
MAILS_FROM_ADDRESS = Limit("mails-address", 60, 3600)
# Wrong passwords from one address on any identifier (django-axes counts those on one).
SIGN_IN_FROM_ADDRESS = Limit("sign-in-address", 60, 15 * 60)
# The current password, asked of somebody signed in.
CURRENT_PASSWORD = Limit("current-password", 5, 15 * 60)
# The same mail again.
RESEND = Limit("resend", 1, 60)
# People sent to FranceConnect from one address.
FRANCECONNECT_STARTS = Limit("franceconnect-starts", 60, 15 * 60)
