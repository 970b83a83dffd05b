"""The visas of the simulated registry until a world is written for it. Dates are relative to a day, as people's are."""

from datetime import date, timedelta

from guichet.core.dates import PartialDate, add_years
from guichet.registries.agdref.port import Sex
from guichet.registries.visabio.port import VisaKind, VisaRecord


def visas_as_of(day: date) -> tuple[VisaRecord, ...]:
    """Invented visas under the numbers of the demonstration, with the dates it gives them on ``day``."""

    def visa(
        number: str, kind: VisaKind, reason: str, name: str, first_names: str, sex: Sex, years: int, place: tuple[str, str]
    ) -> VisaRecord:
        born = add_years(day, -years)
        birth = PartialDate(born.year, born.month, born.day)
        first, last = day - timedelta(days=20), day + timedelta(days=345)
        country, city = place
        return VisaRecord(number, kind, reason, first, last, name, "", first_names, sex, birth, country, city, country)

    return (
        visa("FRA2600012345", "vls_ts", "talent", "KIM", "Seo-yeon", "F", 29, ("KR", "Busan")),
        visa("FRA2600067890", "vls_ts", "student", "PEREIRA", "Lucas", "M", 20, ("BR", "Curitiba")),
    )
