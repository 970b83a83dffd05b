"""Agendas, slots and bookings: what is open, when it is released, who has which place.

Knows offices and people's keys; knows nothing of applications: what called for an appointment is an opaque kind and id.
"""
