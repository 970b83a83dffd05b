"""Verbs of appointments: one transaction each."""

from guichet.appointments.agendas.closing import close_days, preview_closing, reopen_days
from guichet.appointments.agendas.making import make
from guichet.appointments.agendas.opening import AgendaRules, preview_agenda, save_agenda
from guichet.appointments.agendas.planning import Hours
from guichet.appointments.agendas.types import open_type, save_type
from guichet.appointments.bookings.addresses import correct_address
from guichet.appointments.bookings.booking import Details, cancel, cancel_by_officer, confirm, give_details
from guichet.appointments.bookings.claiming import claim, give_up
from guichet.appointments.bookings.families import claim_together
from guichet.appointments.bookings.rescheduling import reschedule
from guichet.appointments.desk.booking import book_at_counter, free_homonym
from guichet.appointments.desk.households import check_in_together
from guichet.appointments.desk.on_the_day import (
    arriving,
    by_reference,
    check_in,
    correct_presence,
    mark_missed,
    undo_check_in,
)
from guichet.appointments.desk.visits import call, call_next, take_number
from guichet.appointments.desk.visits import move as move_visit
from guichet.appointments.draws.confirming import confirm_registration
from guichet.appointments.draws.running import ask_replay, type_seed
from guichet.appointments.draws.running import replay as replay_draw
from guichet.appointments.draws.taking_part import DrawPlan, cancel_draw, change_wishes, leave_draw, open_draw
from guichet.appointments.draws.taking_part import register as register_for_draw
from guichet.appointments.invitations import Guest, guest_of, invite, withdraw_invitation, withdraw_invitations
from guichet.appointments.links_again import send_links_again
from guichet.appointments.students.access_codes import (
    Declared,
    ask_access_code,
    identify_student,
    promise_reminder,
    use_access_code,
)
from guichet.appointments.waiting.attempts import record_attempt
from guichet.appointments.waiting.entries import accept as accept_offer
from guichet.appointments.waiting.entries import decline as decline_offer
from guichet.appointments.waiting.entries import join as join_waiting_list
from guichet.appointments.waiting.entries import leave as leave_waiting_list

__all__ = [
    "AgendaRules",
    "Declared",
    "Details",
    "DrawPlan",
    "Guest",
    "Hours",
    "accept_offer",
    "arriving",
    "ask_access_code",
    "ask_replay",
    "book_at_counter",
    "by_reference",
    "call",
    "call_next",
    "cancel",
    "cancel_by_officer",
    "cancel_draw",
    "change_wishes",
    "check_in",
    "check_in_together",
    "claim",
    "claim_together",
    "close_days",
    "confirm",
    "confirm_registration",
    "correct_address",
    "correct_presence",
    "decline_offer",
    "free_homonym",
    "give_details",
    "give_up",
    "guest_of",
    "identify_student",
    "invite",
    "join_waiting_list",
    "leave_draw",
    "leave_waiting_list",
    "make",
    "mark_missed",
    "move_visit",
    "open_draw",
    "open_type",
    "preview_agenda",
    "preview_closing",
    "promise_reminder",
    "record_attempt",
    "register_for_draw",
    "reopen_days",
    "replay_draw",
    "reschedule",
    "save_agenda",
    "save_type",
    "send_links_again",
    "take_number",
    "type_seed",
    "undo_check_in",
    "use_access_code",
    "withdraw_invitation",
    "withdraw_invitations",
]
