"""What a customer sees on the hosted connect page: each screen as a value, and how it becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.connect.colours import Accent, accent_of
from app.connect.words import WORDS, FailureKind, FailureWords
from app.pages.headers import page_headers

Mode = Literal["page", "popup", "iframe", "redirect"]

ALL_COMPANIES = "*"
"""What the `company` field of `Companies` holds where the customer chose all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every screen has around it.

    `logo_src` is a path of our own origin. `origin` is the host page's, already checked against the
    environment's. Forms post below `base`. `nonce` is for the one style element, which holds the brand's colour.
    """

    brand_name: str | None
    logo_src: str | None
    colour: str | None
    mode: Mode
    origin: str | None
    base: str
    nonce: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An integration that can be connected, and where its form is."""

    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """Which one do you use?"""

    integrations: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that the form asks. The value of a secret one is never written into a page."""

    name: str
    label: str
    description: str
    is_secret: bool
    is_required: bool
    example: str | None
    value: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WayLink:
    """One of the ways to connect, and where its form is."""

    label: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What only the customer knows. `error` stands above the fields, `steps` tell how to get what is asked.

    With `opens_consent` the form leads to the provider's consent, which no frame may hold: in iframe mode it opens
    a window of its own. `callback_url` is what the customer has to register with the provider.
    """

    integration_name: str
    action: str
    fields: tuple[Field, ...]
    ways: tuple[WayLink, ...]
    steps: tuple[str, ...]
    submit: str
    opens_consent: bool
    back_url: str | None
    error: str | None
    hidden: tuple[tuple[str, str], ...]
    callback_url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Continue:
    """The way on to another origin: the provider's consent (`name` it), or back to a `redirect_uri` (`name` None).

    A form of ours cannot be answered by a redirect elsewhere: browsers hold redirects to the page's `form-action`,
    which is 'self'. So the POST is answered 200 with this screen, which moves on by itself, without script too.
    """

    name: str | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Consent is being given in another window; the page asks `<base>/state` until that is over."""

    integration_name: str
    retry_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Companies:
    """Which company's books? Posts `company`: a value of `companies`, or `ALL_COMPANIES`."""

    integration_name: str
    action: str
    companies: tuple[tuple[str, str], ...]
    allows_all: bool
    hidden: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """Connected. `missing` are the resources that the credentials cannot read, in a person's words."""

    integration_name: str
    integration: str
    account_id: str
    tenant_words: str | None
    return_url: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong; `error_type` is the browser SDK's name for it, `button` (label, address) the way out.

    `return_url` leads back to a host page that was left.
    """

    kind: FailureKind
    integration_name: str | None
    detail: str | None
    button: tuple[str, str] | None
    error_type: str | None
    return_url: str | None = None

    @property
    def words(self) -> FailureWords:
        """What this kind says: what happened, and what to do."""
        name = self.integration_name or "your accounting system"
        words = WORDS[self.kind]
        return FailureWords(
            title=words.title.format(name=name),
            happened=words.happened.format(name=name),
            do=words.do.format(name=name),
        )


Screen = Choose | Form | Continue | Waiting | Companies | Done | Failure

_TEMPLATES: dict[type[Screen], str] = {
    Choose: "choose.html",
    Form: "form.html",
    Continue: "continue.html",
    Waiting: "waiting.html",
    Companies: "companies.html",
    Done: "done.html",
    Failure: "failure.html",
}


def render(screen: Screen, frame: Frame) -> bytes:
    """The whole page."""
    # A gateway whose customers all are connected never needs the templates' engine in memory.
    from app.pages.templates import templates_of  # noqa: PLC0415

    accent: Accent = accent_of(frame.colour)
    template = templates_of("app.connect").get_template(_TEMPLATES[type(screen)])
    return template.render(screen=screen, frame=frame, accent=accent, all_companies=ALL_COMPANIES).encode()


def security_headers(frame: Frame, frame_ancestors: tuple[str, ...]) -> list[tuple[str, str]]:
    """What a page of ours may do and who may frame it: nobody, but an environment's origins in iframe mode."""
    return page_headers(
        style_nonce=frame.nonce,
        framers=frame_ancestors if frame.mode == "iframe" else (),
        # A window that the host page opened must keep its opener: the answer goes that way.
        keeps_opener=frame.mode in {"popup", "iframe"},
    )
