"""The door of the offices, to write."""

from django.db import transaction

from guichet.offices import geography
from guichet.offices.models import Office

FIELDS = ("name", "kind", "slug", "department", "arrondissement", "city", "city_insee", "time_zone")


def decide_in_two_hands(office: Office, yes: bool) -> None:
    """Whether a decision of this office is proposed by one officer and signed by another."""
    Office.objects.filter(pk=office.pk).update(two_hands=yes)
    office.two_hands = yes


def load_offices(using: str = "default") -> int:
    """Brings the table of offices in line with the shipped one; returns how many were written.

    What an office decided for itself (``two_hands``) is left alone. An office is never removed: applications point at it.
    """
    wanted = {
        line.code: Office(code=line.code, **{name: getattr(line, name) for name in FIELDS}) for line in geography.offices()
    }
    with transaction.atomic(using=using):
        stored = {row[0]: row[1:] for row in Office.objects.using(using).order_by("code").values_list("code", *FIELDS)}
        changed = [
            office for code, office in wanted.items() if stored.get(code) != tuple(getattr(office, name) for name in FIELDS)
        ]
        if changed:
            Office.objects.using(using).bulk_create(
                changed, update_conflicts=True, unique_fields=["code"], update_fields=FIELDS
            )
    return len(changed)
