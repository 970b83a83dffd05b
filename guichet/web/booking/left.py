"""What was typed in the details and left before its end: the ten minutes were over, or one went back to the week.

It is drawn again as it was, judged by nobody: with another place, nothing is to be typed twice.
"""

import re
from typing import Any

from django.http import HttpRequest

from guichet.appointments.models import AppointmentType
from guichet.web.booking import kept
from guichet.web.booking.forms import DetailsForm

GO_BACK = "retour"  # the button that goes back to the week
LONGEST = 300  # signs of one box: nothing of these forms is longer
_BOX = re.compile(rf"(personne[2-6]-)?({'|'.join(DetailsForm.base_fields)})(_(day|month|year|unknown))?")


def keep(request: HttpRequest, type: AppointmentType) -> None:
    """Keeps what was sent, right or wrong, for the next time the form is shown."""
    typed = {name: value[:LONGEST] for name, value in request.POST.items() if isinstance(value, str) and _BOX.fullmatch(name)}
    kept.keep(request, type, left=typed)


def of(request: HttpRequest, type: AppointmentType) -> dict[str, Any] | None:
    """What was left in the form; None when nothing was, or it was sent whole since."""
    found: dict[str, Any] | None = kept.way(request, type).get("left")
    return found
