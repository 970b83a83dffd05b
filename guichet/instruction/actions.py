"""The verbs of the room. Each is one transaction; each checks the officer's posts, or that the account acts for the person."""

from guichet.instruction.answers import (
    add_answer_file,
    answer_item,
    open_complement_request,
    open_decision,
    remove_answer_file,
    send_answers,
)
from guichet.instruction.bulk import Outcome, assign_many
from guichet.instruction.complements import AskedItem, request_complement
from guichet.instruction.convoking import announce_permit, call_off, convoke
from guichet.instruction.decisions import Terms, propose_decision, reopen, send_back, sign_decision
from guichet.instruction.errors import AnswersIncomplete, Invalid, NotAllowed, NotYours
from guichet.instruction.numbers import compare_number, give_foreigner_number
from guichet.instruction.prolongations import issue_certificate, stop_certificates
from guichet.instruction.reviewing import add_note, assign, give_verdict, take_up

__all__ = [
    "AnswersIncomplete",
    "AskedItem",
    "Invalid",
    "NotAllowed",
    "NotYours",
    "Outcome",
    "Terms",
    "add_answer_file",
    "add_note",
    "announce_permit",
    "answer_item",
    "assign",
    "assign_many",
    "call_off",
    "compare_number",
    "convoke",
    "give_foreigner_number",
    "give_verdict",
    "issue_certificate",
    "open_complement_request",
    "open_decision",
    "propose_decision",
    "remove_answer_file",
    "reopen",
    "request_complement",
    "send_answers",
    "send_back",
    "sign_decision",
    "stop_certificates",
    "take_up",
]
