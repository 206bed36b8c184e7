"""What a step of a connect comes to: another page, a form again, off to the provider, or a failure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.connect.failures import failure, kind_of
from app.connect.offers import Offer
from app.connect.screens import Continue, Failure, Mode
from app.connect.store import LinkToken
from app.connect.words import FailureKind
from app.errors import Problem
from app.logs import get_logger
from providers.kit.errors import ProviderError
from providers.kit.provider import Way

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A visit of the hosted page: its link and token, and how the page is shown."""

    link: LinkToken
    token: str
    mode: Mode
    origin: str | None
    allow_private: bool

    @property
    def base(self) -> str:
        """The path that its pages are below."""
        return f"/link/{self.token}"


@dataclass(frozen=True, slots=True)
class Refill:
    """The form again: what was given, but for secrets, and what is wrong with it."""

    offer: Offer
    way: Way
    values: Mapping[str, str]
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Consent:
    """Off to the provider, with the cookie that the browser has to bring back."""

    screen: Continue
    state: str
    browser: str


@dataclass(frozen=True, slots=True)
class Go:
    """On to another of our own pages."""

    to: Literal["", "done", "company"]


Outcome = Refill | Consent | Go | Failure


def told(visit: Visit, offer: Offer, kind: FailureKind) -> Failure:
    """The failure, with the form as the way out of it."""
    return failure(kind, offer.provider.name, ("Try again", f"{visit.base}/{offer.provider.slug}"))


def wrong(visit: Visit, offer: Offer, error: ProviderError | Problem) -> Failure:
    """The failure that an error is to a customer."""
    kind = kind_of(error)
    log.info(
        "connect did not succeed",
        integration=offer.provider.slug,
        reason=kind,
        environment_id=visit.link.environment_id,
    )
    return told(visit, offer, kind)
