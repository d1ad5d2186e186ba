"""What requests may contain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from originality.checker import Draft
from originality.models import BEIJING

YEARS = range(1990, 2100)  # beyond them times cannot be moved between zones, and nobody publishes


def _in_reach(time: datetime) -> datetime:
    if time.year not in YEARS:
        raise ValueError(f"must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return time if time.tzinfo else time.replace(tzinfo=BEIJING)


class DraftBody(BaseModel):
    """A draft to check."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(description="The draft as written. What cannot be judged is answered with `undetermined`.")
    id: str = Field("", max_length=200, description="Comes back in the answer.")
    account: str = Field("", max_length=100, description="Who would publish it; own posts accuse nobody.")
    published_at: Annotated[datetime, AfterValidator(_in_reach)] | None = Field(
        None, description="Later posts are no sources. Without a zone it is Beijing time."
    )

    def draft(self) -> Draft:
        """Return the draft."""
        return Draft(text=self.text, id=self.id, account=self.account, published_at=self.published_at)


class GateBody(DraftBody):
    """A draft to decide on."""

    policy: str = Field("", max_length=60, description="Name of the policy; the service's first one if left out.")


def complaint(error: ValidationError) -> str:
    """Say in one line what is wrong with a body, without quoting it."""
    return in_one_line([(each["loc"], each["msg"]) for each in error.errors(include_input=False, include_url=False)])


def in_one_line(faults: list[tuple[tuple[int | str, ...], str]]) -> str:
    """Return faults as `field: what; field: what`."""
    said = [": ".join([*(str(part) for part in place if part != "body"), what]) for place, what in faults]
    return " ".join("; ".join(said).split()) + ". See /docs."
