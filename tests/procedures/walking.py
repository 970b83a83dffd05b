"""A person who fills in any procedure: at each turn some of what is missing is answered, with values drawn at random.

Nothing here knows any procedure by name.
"""

import random
from collections import Counter
from datetime import date, timedelta

from guichet.procedures import values
from guichet.procedures.definition import CASES_SECTION, STATEMENTS_SECTION
from guichet.procedures.evaluation import Evaluation
from guichet.procedures.expressions import UNKNOWN

TURNS = 300
AT_ONCE = 6  # answers given before the next look: people fill in a page, then read what it says
PEOPLE = 600  # that many, at most, until everything was met

PLACES = [
    {"street": "rue Nationale", "postal_code": "59800", "city": "Lille", "insee_code": "59350", "country": "FR"},
    {"street": "rue de Paris", "postal_code": "97400", "city": "Saint-Denis", "insee_code": "97411", "country": "FR"},
]
TYPED = {
    "text": ["Diallo", "X"],
    "long_text": ["Deux\nlignes"],
    "yes_no": ["true", "false"],
    "country": ["MX", "FR", "CD"],
    "nationality": ["MX", "CD"],
    "address": PLACES,
    "email": ["a@exemple.fr"],
    "phone": ["0612345678", "+221771234567"],
    "institution": ["Université Jean-Monnet"],
    "ephoto": ["1234567890123456789012"],
}


def typed(field, evaluation, row, draw, chosen, today):
    """Something a person may type in a field, within its bounds; of options, those that fewest have chosen so far."""
    if field.type == "choice":
        fewest = min(chosen[field.section, field.id, option.id] for option in field.options)
        rare = [option.id for option in field.options if chosen[field.section, field.id, option.id] == fewest]
        option = draw.choice(rare)
        chosen[field.section, field.id, option] += 1
        return option
    if field.type == "choices":
        return [option.id for option in field.options if draw.random() < 0.5] or [field.options[0].id]
    if field.type in TYPED:
        return draw.choice(TYPED[field.type])
    least, most = evaluation.bounds(field.section, field.id, row)
    if field.type == "date":
        low = least if isinstance(least, date) else today - timedelta(days=365 * 40)
        high = most if isinstance(most, date) else today + timedelta(days=365)
        low = max(low, today - timedelta(days=365 * 40))
        # Ages around which rules turn are drawn more often than they would be.
        near = [day for years in (0, 15, 16, 17, 18, 19, 25) if low <= (day := today - timedelta(days=365 * years + 5)) <= high]
        day = draw.choice([*near, low + timedelta(days=draw.randrange((high - low).days + 1)), low, high])
        return day.isoformat()
    low = least if least is not UNKNOWN else 0
    high = most if most is not UNKNOWN else low + 500_000
    return draw.randint(low, high)


class Walk:
    """One person filling in one procedure, on one day. ``chosen`` counts options over several walks, so that each is met."""

    def __init__(self, definition, seed, *, today=date(2026, 11, 23), registry=None, chosen=None):
        self.definition, self.draw, self.today, self.registry = definition, random.Random(seed), today, registry
        self.answers, self.given = {}, {}
        self.chosen = Counter() if chosen is None else chosen

    def evaluation(self):
        return Evaluation(self.definition, self.answers, self.today, registry=self.registry)

    def put(self, section, field, row, value):
        found = self.definition.section(section)
        if found and found.repeat:
            self.answers.setdefault(section, [])[row][field] = value
        else:
            self.answers.setdefault(section, {})[field] = value

    def answer(self, section, field, row):
        evaluation = self.evaluation()
        index = row if self.definition.section(section).repeat else None
        question = self.definition.field(section, field)
        value = values.clean(
            question, typed(question, evaluation, index, self.draw, self.chosen, self.today), evaluation=evaluation, row=index
        )
        self.put(section, field, row, value)

    def mend(self, missing):
        """Does what one message asks."""
        assert missing.message
        assert self.definition.step(missing.step) is not None
        if missing.requirement:
            self.given[missing.requirement, missing.row] = 1
        elif missing.section == STATEMENTS_SECTION:
            assert missing.field, "the statements cannot be told though every answer is given"
            self.put(STATEMENTS_SECTION, missing.field, 0, True)
        elif missing.section == CASES_SECTION:
            self.put(CASES_SECTION, missing.field, 0, self.draw.choice(self.definition.document(missing.field).cases).id)
        elif not missing.field:
            self.answers.setdefault(missing.section, []).append({})
        else:
            self.answer(missing.section, missing.field, missing.row)

    def wander(self):
        """Now and then one adds a row, changes one's mind, or answers what is optional."""
        evaluation = self.evaluation()
        step = self.draw.choice([step for step in self.definition.steps if step.sections])
        section = self.draw.choice(evaluation.visible_sections(step.id))
        row = None
        if section.repeat:
            rows = self.answers.setdefault(section.id, [])
            if len(rows) < section.repeat.max:
                rows.append({})
            row = self.draw.randrange(len(rows))
        fields = evaluation.visible_fields(section.id, row)
        if fields:
            self.answer(section.id, self.draw.choice(fields).id, row or 0)

    def say_more(self, evaluation):
        """Answers about half of what may be left empty."""
        for section in self.definition.sections:
            rows = range(len(evaluation.rows(section.id))) if section.repeat else [None]
            for row in rows:
                for field in evaluation.visible_fields(section.id, row):
                    if evaluation.raw(section.id, field.id, row) is None and self.draw.random() < 0.5:
                        self.answer(section.id, field.id, row or 0)

    def run(self, look=None):
        """Does what each message asks until nothing is missing, then says some of what is optional.

        ``look`` is called with what the definition says, now and then.
        """
        said_more = False
        for turn in range(TURNS):
            evaluation = self.evaluation()
            if look and turn % 4 == 0:
                look(evaluation)
            blocks = evaluation.blocks()
            if blocks:
                self.change_blocked_answer(blocks[0])
                continue
            missing = evaluation.missing(self.given)
            if not missing and said_more:
                return evaluation
            if not missing:
                said_more = True
                self.say_more(evaluation)
                continue
            if turn < TURNS // 2 and self.draw.random() < 0.2:
                self.wander()
                continue
            for each in self.draw.sample(missing, min(AT_ONCE, len(missing))):
                self.mend(each)
        raise AssertionError(f"A dead end: {[each.message for each in missing]}")

    def change_blocked_answer(self, block):
        """«Change my answer» leads to a question that is shown; another answer may lift the block."""
        assert block.way_forward
        assert self.evaluation().is_visible(block.section, block.field)
        self.answer(block.section, block.field, 0)
