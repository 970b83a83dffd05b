"""Named counters: unique under concurrency, tolerant of gaps."""

from django.db import connection, transaction
from django.db.models import F

from guichet.core.models import Counter


def next_value(name: str) -> int:
    """The next number of this counter, from 1. Call it inside the transaction that uses it.

    The counter's row stays locked until that transaction ends, so two transactions never get the same number.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A counter is read inside the transaction that uses its number.")
    if not Counter.objects.filter(pk=name).update(value=F("value") + 1):
        Counter.objects.bulk_create([Counter(name=name)], ignore_conflicts=True)
        Counter.objects.filter(pk=name).update(value=F("value") + 1)
    return Counter.objects.values_list("value", flat=True).get(pk=name)
