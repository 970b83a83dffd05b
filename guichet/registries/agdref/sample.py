"""The people of the simulated registry until a world is written for it. Dates are relative to a day, so that ages hold."""

from datetime import date, timedelta

from guichet.core.dates import PartialDate, add_years
from guichet.registries.agdref.port import ForeignerRecord, PermitRecord, Sex


def people_as_of(day: date) -> tuple[ForeignerRecord, ...]:
    """Invented people under the numbers of the demonstration, of the ages it gives them on ``day``."""

    def born(years: int, days: int = 0) -> PartialDate:
        birthday = add_years(day, -years)
        if birthday.day != day.day:  # no 29 February that year: the day before, so that the age is reached on ``day``
            birthday -= timedelta(days=1)
        birth = birthday - timedelta(days=days)
        return PartialDate(birth.year, birth.month, birth.day)

    def person(
        number: str, name: str, first_names: str, sex: Sex, birth: PartialDate, place: tuple[str, str], *permits: PermitRecord
    ) -> ForeignerRecord:
        country, city = place
        return ForeignerRecord(number, name, "", first_names, sex, birth, country, city, country, permits)

    def permit(number: str, kind: str, reason: str, first: int, last: int) -> PermitRecord:
        return PermitRecord(number, kind, reason, day + timedelta(days=first), day + timedelta(days=last), "valid")

    return (
        person("5908002010", "DIALLO", "Amadou", "M", born(17, 40), ("GN", "Conakry")),
        person("5908002016", "TRAORE", "Awa", "F", born(17, 200), ("ML", "Bamako")),
        person("5903007192", "NGUYEN", "Minh Anh", "F", born(18, 90), ("VN", "Huế")),
        person("5903007193", "SILVA", "Joao", "M", born(18, 60), ("BR", "Recife")),
        person("5903007195", "COSTA", "Beatriz", "F", born(18, 30), ("CV", "Praia")),
        person("5903007194", "MADHAVAN", "", "M", PartialDate(2007), ("IN", "Madurai")),
        person(
            "7503134955", "OKAFOR", "Chinedu", "M", born(23), ("NG", "Enugu"),
            permit("A1B2C3D4E", "temporary_card", "student", -290, 75),
        ),
        person(
            "6908004242", "SHARMA", "Priya", "F", born(31), ("IN", "Jaipur"),
            permit("T4L3NT001", "multiannual_card", "talent_qualified_employee", -1000, 90),
        ),
        person("9908001001", "HAIDARI", "Mariam", "F", born(27), ("AF", "Hérat")),
        person(
            "9908001002", "TESFAYE", "Dawit", "M", born(35), ("ER", "Asmara"),
            permit("API0000001002", "prolongation_certificate", "subsidiary_protection", -80, 10),
        ),
    )  # fmt: skip
