"""The invented people of the demonstration. Nobody here exists. Every date is reckoned from D, the day the world is made."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from guichet.core.dates import PartialDate, add_years
from guichet.procedures.durations import add_months
from guichet.registries.agdref.port import ForeignerRecord, PermitRecord
from guichet.registries.ine.port import StudentRecord
from guichet.registries.visabio.port import VisaRecord


def years_and_days_before(day: date, years: int, days: int = 0) -> date:
    """The day that lies ``years`` years and ``days`` days before."""
    return add_years(day, -years) - timedelta(days=days)


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
    # Who hold a visa: the number is the one that an officer gives them once their file is examined
    Invented("6908005757", "KIM", "Seo-yeon", "F", 29, 0, "KR", "Busan", LYON),
    Invented("6908005758", "PEREIRA", "Lucas", "M", 20, 0, "BR", "Curitiba", LYON),
    # Whose files are under review in Lille
    Invented("5906004101", "KEITA", "Ibrahima", "M", 17, 120, "GN", "Kankan", LILLE),
    Invented("5906004102", "RAHIMI", "Samira", "F", 18, 12, "AF", "Kaboul", LILLE),
    Invented("5906004103", "PHAM", "Quang Huy", "M", 18, 200, "VN", "Đà Nẵng", LILLE),
    Invented("5906004104", "OYELARAN", "Tunde", "M", 18, 150, "NG", "Ibadan", LILLE),
)

# By foreigner number: number, kind, reason, first and last day from D.
PERMITS = {
    "7503134955": ("A1B2C3D4E", "temporary_card", "student", -290, 75),
    "6908004242": ("T4L3NT001", "multiannual_card", "talent_qualified_employee", -1000, 90),
    "9908001002": ("API0000001002", "prolongation_certificate", "subsidiary_protection", -80, 10),
    "5903007192": ("DCEM590719", "circulation_document", "", -2000, -90),
}
# By visa number: whose it is, its reason.
VISAS = {"FRA2600012345": ("6908005757", "talent"), "FRA2600067890": ("6908005758", "student")}
VISA_DAYS = (-20, 345)
# By INE: name, first name, sex, age in years, country and place of birth, institution, last day of the permit from D.
STUDENTS = {
    "0123456789A": ("LOPEZ", "Maria", "F", 22, "CO", "Medellín", "Université Jean-Monnet", 42),
    "012345678BC": ("BENALI", "Yasmine", "F", 21, "DZ", "Oran", "Université Lumière-Lyon-2", 150),
}


def permit_of(number: str, day: date) -> PermitRecord | None:
    """The permit of a foreigner number, as of day D."""
    known = PERMITS.get(number)
    if known is None:
        return None
    permit, kind, reason, first, last = known
    status: Literal["valid", "expired"] = "valid" if last >= 0 else "expired"
    return PermitRecord(permit, kind, reason, day + timedelta(days=first), day + timedelta(days=last), status)


def visa_records(day: date) -> list[VisaRecord]:
    """What the simulated VISABIO holds on day D."""
    found = []
    for number, (holder, reason) in VISAS.items():
        someone = person(holder)
        found.append(
            VisaRecord(
                number=number,
                kind="vls_ts",
                reason=reason,
                valid_from=day + timedelta(days=VISA_DAYS[0]),
                valid_until=day + timedelta(days=VISA_DAYS[1]),
                birth_name=someone.birth_name,
                usage_name="",
                first_names=someone.first_names,
                sex=someone.sex,
                birth_date=someone.birth_date(day),
                birth_country=someone.country,
                birth_place=someone.place,
                nationality=someone.country,
            )
        )
    return found


def student_records(day: date) -> list[StudentRecord]:
    """What the simulated register of students holds on day D."""
    found = []
    for ine, (name, first_names, sex, years, country, place, institution, days_left) in STUDENTS.items():
        born = add_years(day, -years)
        found.append(
            StudentRecord(
                ine=ine,
                institution=institution,
                birth_name=name,
                usage_name="",
                first_names=first_names,
                sex="F" if sex == "F" else "M",
                birth_date=PartialDate(born.year, born.month, born.day),
                birth_country=country,
                birth_place=place,
                nationality=country,
                stay_kind="permit",
                stay_ends_on=day + timedelta(days=days_left),
            )
        )
    return found


def record_of(person: Invented, day: date) -> ForeignerRecord:
    """What the simulated national file says of someone on day D."""
    permit = permit_of(person.foreigner_number, day)
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
        permits=(permit,) if permit else (),
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
