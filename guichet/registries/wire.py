"""What the answers of our own registries' doors have in common on the wire."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints

from guichet.core.dates import PartialDate
from guichet.core.identifiers import legible
from guichet.registries.agdref.port import Sex


class Wire(BaseModel):
    """Strict types; members we do not know are ignored, so that a registry may say more than it did."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True, arbitrary_types_allowed=True)


class Health(Wire):
    """The answer to ``GET health``."""

    status: Literal["ok"]


def _partial_date(value: object) -> PartialDate:
    if isinstance(value, PartialDate):
        return value
    if not isinstance(value, str) or len(value) not in (4, 7, 10):
        raise ValueError("a date is written 2007, 2007-05 or 2007-05-12")
    return PartialDate.parse(value)


WirePartialDate = Annotated[PartialDate, BeforeValidator(_partial_date), PlainSerializer(str)]
Country = Annotated[
    str, StringConstraints(pattern=r"^([A-Z]{2})?$")
]  # ISO 3166-1 alpha-2; empty when the registry does not know
# The same, or the code of machine-readable travel documents for a stateless person (ICAO 9303, part 3, section 5).
Nationality = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2}|XXA)?$")]


def _one_line(text: str) -> str:
    """A registry fed from old files may hold what no database of ours can store, or a name over two lines: in a mail, the
    second line would be read as ours.
    """
    return " ".join(legible(text).split())


OneLine = AfterValidator(_one_line)
Text = Annotated[str, OneLine, StringConstraints(max_length=200)]


class CivilStatusWire(Wire):
    """Who someone is, as every registry of people writes it."""

    birth_name: Annotated[str, OneLine, StringConstraints(min_length=1, max_length=200)]
    usage_name: Text = ""
    first_names: Text = ""
    sex: Sex
    birth_date: WirePartialDate
    birth_country: Country = ""
    birth_place: Text = ""
    nationality: Nationality = ""
