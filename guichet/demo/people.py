"""The invented people of the demonstration. Nobody here exists. Every date is reckoned from D, the day the world is made."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from guichet.core.dates import PartialDate, add_years
from guichet.registries.agdref.port import ForeignerRecord, PermitRecord


def years_and_days_before(day: date, years: int, days: int = 0) -> date:
    """The day that lies ``years`` years and ``days`` days before."""
    return add_years(day, -years) - timedelta(days=days)


def add_months(day: date, months: int) -> date:
    """The same day of the month ``months`` later, at most the 28th."""
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))


Sex = Literal["M", "F", "X"]


@dataclass(frozen=True)
class Invented:
    """Someone of the national file: who, and which office they belong to."""

    foreigner_number: str
    birth_name: str
    first_names: str
    sex: Sex
    born_years: int
    born_days: int
    country: str
    place: str
    address: str
    birth_text: str = ""  # when the day is not known

    def birth_date(self, day: date) -> PartialDate:
        if self.birth_text:
            return PartialDate.parse(self.birth_text)
        born = years_and_days_before(day, self.born_years, self.born_days)
        return PartialDate(born.year, born.month, born.day)


LILLE = "20 rue Nationale 59800 Lille"
LYON = "1 place Bellecour 69002 Lyon"
SAINT_ETIENNE = "2 rue Charles-de-Gaulle 42000 Saint-Étienne"

PEOPLE = (
    Invented("5908002010", "DIALLO", "Amadou", "M", 17, 40, "GN", "Labé", LILLE),
    Invented("5908002016", "TRAORE", "Awa", "F", 17, 200, "ML", "Ségou", LILLE),
    Invented("5903007192", "NGUYEN", "Minh Anh", "F", 18, 90, "VN", "Huế", LILLE),
    Invented("5903007193", "SILVA", "Joao", "M", 18, 60, "BR", "Belém", LILLE),
    Invented("5903007195", "COSTA", "Beatriz", "F", 18, 30, "CV", "Praia", LILLE),
    Invented("5903007194", "MADHAVAN", "", "M", 19, 0, "IN", "Madurai", LILLE, birth_text="2007"),
    Invented("7503134955", "OKAFOR", "Chinedu", "M", 23, 0, "NG", "Enugu", LYON),
    Invented("6908004242", "SHARMA", "Priya", "F", 31, 0, "IN", "Pune", LYON),
    Invented("9908001001", "HAIDARI", "Mariam", "F", 27, 0, "AF", "Hérat", SAINT_ETIENNE),
    Invented("9908001002", "TESFAYE", "Dawit", "M", 35, 0, "ER", "Asmara", SAINT_ETIENNE),
    # Whose files are under review in Lille
    Invented("5906004101", "KEITA", "Ibrahima", "M", 17, 120, "GN", "Kankan", LILLE),
    Invented("5906004102", "RAHIMI", "Samira", "F", 18, 12, "AF", "Kaboul", LILLE),
    Invented("5906004103", "PHAM", "Quang Huy", "M", 18, 200, "VN", "Đà Nẵng", LILLE),
)

PERMITS = {
    "7503134955": ("A1B2C3D4E", "temporary_card", "student", -290, 75),
    "6908004242": ("T4L3NT001", "multiannual_card", "talent", -1000, 90),
    "5903007192": ("DCEM590719", "travel_document_for_minors", "", -2000, -90),
}


def record_of(person: Invented, day: date) -> ForeignerRecord:
    """What the simulated national file says of someone on day D."""
    permit = PERMITS.get(person.foreigner_number)
    permits = (
        (
            PermitRecord(
                number=permit[0],
                kind=permit[1],
                reason=permit[2],
                valid_from=day + timedelta(days=permit[3]),
                valid_until=day + timedelta(days=permit[4]),
                status="valid" if permit[4] >= 0 else "expired",
            ),
        )
        if permit
        else ()
    )
    return ForeignerRecord(
        foreigner_number=person.foreigner_number,
        birth_name=person.birth_name,
        usage_name="",
        first_names=person.first_names,
        sex=person.sex,
        birth_date=person.birth_date(day),
        birth_country=person.country,
        birth_place=person.place,
        nationality=person.country,
        permits=permits,
    )


def person(foreigner_number: str) -> Invented:
    return next(someone for someone in PEOPLE if someone.foreigner_number == foreigner_number)


def care_date(foreigner_number: str, day: date) -> date:
    """The date taken into care that the demonstration suggests: on the 16th birthday, half a year after it, or well before."""
    born = person(foreigner_number).birth_date(day).assumed()
    sixteenth = add_years(born, 16)
    if foreigner_number == "5903007193":
        return add_months(sixteenth, 6)
    return sixteenth if foreigner_number == "5903007195" else add_months(sixteenth, -14)
