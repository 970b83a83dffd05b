"""What everyone stands on: the clock, identifiers, the event log, database triggers, private storage and the worker.

Core knows no subject: an event names its actor and its subject by kind and id, never by a relation.
"""
