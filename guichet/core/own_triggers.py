"""The ground floor's own triggers."""

from guichet.core.triggers import append_only

append_only("core_event_is_append_only", "core_event", message="the event log is append-only")
