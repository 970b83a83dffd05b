"""What the answers of our own registries' doors have in common on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints

from guichet.core.dates import PartialDate


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
