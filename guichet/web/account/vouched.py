"""What the session keeps of a sign-in by FranceConnect, on the server; nothing of it ever stands in an address.

``departures``: those that may come back, by their state. ``identity``: somebody vouched for, whose number is not known yet.
``id_token``: given back to FranceConnect when signing out.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest

from guichet.accounts import actions
from guichet.accounts.franceconnect.pivot import PivotIdentity
from guichet.core import clock
from guichet.web.design.signing import end_session

DEPARTURES = "franceconnect_departures"
IDENTITY = "franceconnect_identity"
ID_TOKEN = "franceconnect_id_token"
LEAVING = "franceconnect_leaving"
TROUBLE = "franceconnect_trouble"
TICKET = "franceconnect_ticket"
AWAY = timedelta(minutes=15)  # at FranceConnect; then with us, until the number is found
MOST_DEPARTURES = 5  # tabs in which one may have begun


def keep_departure(request: HttpRequest, departure: actions.Departure) -> None:
    known = dict(request.session.get(DEPARTURES, {}))
    known[departure.state] = {"nonce": departure.nonce, "verifier": departure.verifier, "at": clock.now().isoformat()}
    request.session[DEPARTURES] = dict(list(known.items())[-MOST_DEPARTURES:])


def take_departure(request: HttpRequest) -> dict[str, str] | None:
    """The departure that an answer is about, taken out: an answer is heard once. None when this browser did not leave."""
    known = dict(request.session.get(DEPARTURES, {}))
    departure: dict[str, str] | None = known.pop(request.GET.get("state", ""), None)
    if departure is None:
        return None
    request.session[DEPARTURES] = known
    return departure if _recent(departure["at"]) else None


def keep_identity(request: HttpRequest, arrival: actions.Arrival) -> None:
    request.session[IDENTITY] = {"pivot": arrival.identity.as_kept(), "at": clock.now().isoformat()}
    request.session[ID_TOKEN] = arrival.id_token


def identity(request: HttpRequest) -> PivotIdentity | None:
    """Who this browser was vouched for a moment ago, and who has not given their number yet."""
    kept = request.session.get(IDENTITY)
    return PivotIdentity(**kept["pivot"]) if kept and _recent(kept["at"]) else None


def forget_identity(request: HttpRequest) -> None:
    """Whoever was vouched for leaves this device to somebody else."""
    request.session.pop(IDENTITY, None)


def end(request: HttpRequest) -> bool:
    """Signs out of this browser. Whether it came by FranceConnect, which is then to be left too, on the page that does it."""
    id_token = request.session.get(ID_TOKEN, "")
    end_session(request)
    if id_token:
        request.session[LEAVING] = id_token
    return bool(id_token)


def _recent(at: str) -> bool:
    return clock.now() - datetime.fromisoformat(at) < AWAY
