"""The students of the simulated register until a world is written for it. Dates are relative to a day, as people's are."""

from datetime import date, timedelta

from guichet.core.dates import PartialDate, add_years
from guichet.registries.agdref.port import Sex
from guichet.registries.ine.port import StudentRecord


def students_as_of(day: date) -> tuple[StudentRecord, ...]:
    """Invented students under the numbers of the demonstration, with the dates it gives them on ``day``."""

    def student(
        ine: str, institution: str, name: str, first_names: str, sex: Sex, years: int, place: tuple[str, str], days_left: int
    ) -> StudentRecord:
        born = add_years(day, -years)
        birth = PartialDate(born.year, born.month, born.day)
        country, city = place
        ends_on = day + timedelta(days=days_left)
        return StudentRecord(
            ine, institution, name, "", first_names, sex, birth, country, city, country, "permit", ends_on
        )  # fmt: skip

    return (
        student("0123456789A", "Université Jean-Monnet", "LOPEZ", "Maria", "F", 22, ("CO", "Medellín"), 42),
        student("012345678BC", "Université Lumière-Lyon-2", "BENALI", "Yasmine", "F", 21, ("DZ", "Oran"), 150),
    )
