"""What posts allow, and where: a table and a pure object that reads it. What a state allows is ``applications``' business."""

from collections.abc import Iterable
from dataclasses import dataclass

RECEPTION = "reception"
CASE_OFFICER = "case_officer"
DECISION_MAKER = "decision_maker"
OFFICE_ADMINISTRATOR = "office_administrator"
NATIONAL_ADMINISTRATOR = "national_administrator"

EVERYONE = frozenset({RECEPTION, CASE_OFFICER, DECISION_MAKER, OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR})
INSTRUCTING = frozenset({CASE_OFFICER, DECISION_MAKER})
ADMINISTERING = frozenset({OFFICE_ADMINISTRATOR, NATIONAL_ADMINISTRATOR})

# verb → roles that hold it
VERBS: dict[str, frozenset[str]] = {
    "see": EVERYONE,
    "add_note": frozenset({CASE_OFFICER, DECISION_MAKER, OFFICE_ADMINISTRATOR}),
    "take_up": INSTRUCTING,
    "assign": INSTRUCTING | {OFFICE_ADMINISTRATOR},
    "review": INSTRUCTING,
    "give_verdict": INSTRUCTING,
    "request_complement": INSTRUCTING,
    "propose": INSTRUCTING,
    "propose_decision": INSTRUCTING,
    "sign": frozenset({DECISION_MAKER}),
    "sign_decision": frozenset({DECISION_MAKER}),
    "send_back": frozenset({DECISION_MAKER}),
    "approve": frozenset({DECISION_MAKER}),
    "refuse": frozenset({DECISION_MAKER}),
    "close_incomplete": frozenset({DECISION_MAKER}),
    "reopen": INSTRUCTING,
    "answer_tickets": EVERYONE - {DECISION_MAKER},
    "administer": ADMINISTERING,
    "see_state": ADMINISTERING,
}


@dataclass(frozen=True)
class Powers:
    """The powers of one officer: pairs (role, office code); the code is empty for the whole country."""

    posts: frozenset[tuple[str, str]] = frozenset()

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(role for role, _ in self.posts)

    @property
    def offices(self) -> frozenset[str]:
        """Codes of the offices of the posts; does not list them all for a national post (see ``national``)."""
        return frozenset(code for _, code in self.posts if code)

    @property
    def national(self) -> bool:
        """Whether one of the posts reaches every office."""
        return any(not code for _, code in self.posts)

    def roles_in(self, office_code: str) -> frozenset[str]:
        """The roles held in an office: those of its own posts, and the national ones."""
        return frozenset(role for role, code in self.posts if code in ("", office_code))

    def may(self, verb: str, office_code: str) -> bool:
        """Whether a post allows ``verb`` (a key of ``VERBS``; KeyError otherwise) in this office."""
        return bool(VERBS[verb] & self.roles_in(office_code))

    def has_role(self, roles: Iterable[str]) -> bool:
        """Whether one of these roles is held anywhere."""
        return bool(self.roles & frozenset(roles))
