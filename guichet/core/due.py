"""What falls due on the ground floor."""

from guichet.core.bot_check import forget_spent
from guichet.core.worker import Duty

DUTIES = [Duty("core.forget_spent_checks", forget_spent, every=3600)]
