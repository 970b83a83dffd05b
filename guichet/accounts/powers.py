"""Where an officer holds which roles: a pure object. What a role may do is told by the tables of ``instruction.powers``."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Powers:
    """The posts of one officer: pairs (role, office code); the code is empty for the whole country."""

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

    def has_role(self, roles: Iterable[str]) -> bool:
        """Whether one of these roles is held anywhere."""
        return bool(self.roles & frozenset(roles))
