"""One of each screen that a customer can come to."""

from __future__ import annotations

from typing import get_args

from app.connect.screens import (
    Choice,
    Choose,
    Companies,
    Continue,
    Done,
    Failure,
    Field,
    Form,
    Frame,
    Mode,
    Screen,
    Waiting,
    WayLink,
)
from app.connect.words import FailureKind

BASE = "/link/sample"
KINDS: tuple[FailureKind, ...] = get_args(FailureKind)

ADDRESS = Field(
    name="site_url",
    label="Site address",
    description="Where ERPNext is opened in the browser.",
    is_secret=False,
    is_required=True,
    example="https://books.example.com",
)
KEY = Field(
    name="api_key",
    label="API key",
    description="In ERPNext: User → Settings → API Access → Generate Keys.",
    is_secret=True,
    is_required=True,
    example=None,
)
SECRET = Field(
    name="api_secret",
    label="API secret",
    description="Shown once when the keys are generated.",
    is_secret=True,
    is_required=True,
    example=None,
)
CODE = Field(
    name="account_code",
    label="Account code",
    description="The account's short name, as used to log in.",
    is_secret=False,
    is_required=True,
    example="acmestore",
)
WRONG_ADDRESS = Field(
    name="site_url",
    label="Site address",
    description="Where ERPNext is opened in the browser.",
    is_secret=False,
    is_required=True,
    example="https://books.example.com",
    value="books.example",
    error="This is not an address. Copy it from your browser's address bar.",
)
WRONG_SECRET = Field(
    name="api_secret",
    label="API secret",
    description="Shown once when the keys are generated.",
    is_secret=True,
    is_required=True,
    example=None,
    error="This is needed.",
)
OAUTH_STEPS = (
    "Log in to ERPNext as an administrator and search for “OAuth Client”.",
    "Make a new one, and give it the redirect address below, both as default and in the list.",
    "Save it, and copy its client id and secret into this form.",
)
KEY_STEPS = (
    "Log in to ERPNext as the user whose rights the connection shall have.",
    "Open your settings, then API Access, and press Generate Keys.",
    "Copy the API key and the API secret. The secret is shown once.",
)
CLIENT = Field(
    name="client_id",
    label="Client id",
    description="Of the OAuth client.",
    is_secret=False,
    is_required=True,
    example=None,
)


def _form(
    fields: tuple[Field, ...], *, is_oauth: bool, steps: tuple[str, ...] = (), error: str | None = None
) -> Form:
    return Form(
        integration_name="ERPNext",
        action=f"{BASE}/erpnext",
        fields=fields,
        ways=(
            WayLink(label="Approve in ERPNext", url=f"{BASE}?way=oauth", is_current=is_oauth),
            WayLink(label="Use an API key", url=f"{BASE}?way=api_key", is_current=not is_oauth),
        ),
        steps=steps,
        submit="Continue to ERPNext" if is_oauth else "Connect",
        opens_consent=is_oauth,
        back_url=BASE,
        error=error,
        hidden=(("csrf", "sample"),),
        callback_url="https://gateway.example.com/connect/erpnext/callback" if is_oauth and steps else None,
    )


FORMS: dict[str, Screen] = {
    "form-code": Form(
        integration_name="Brightpearl",
        action=f"{BASE}/brightpearl",
        fields=(CODE,),
        ways=(),
        steps=(),
        submit="Continue to Brightpearl",
        opens_consent=True,
        back_url=BASE,
        error=None,
        hidden=(("csrf", "sample"),),
        callback_url=None,
    ),
    "form-client": _form((ADDRESS, CLIENT, SECRET), is_oauth=True, steps=OAUTH_STEPS),
    "form-key": _form((ADDRESS, KEY, SECRET), is_oauth=False, steps=KEY_STEPS),
    "form-wrong": _form((WRONG_ADDRESS, KEY, WRONG_SECRET), is_oauth=False, error="Two things need another look."),
}


def _done(return_url: str | None, *missing: str) -> Done:
    return Done(
        integration_name="Brightpearl",
        integration="brightpearl",
        account_id="0199b6a2-5f0c-7cc0-8f4e-0d5c8f6f2a11",
        tenant_words=None,
        return_url=return_url,
        missing=missing,
    )


def _failure(kind: FailureKind) -> Failure:
    can_retry = kind not in {"used", "expired", "unknown"}
    return Failure(
        kind=kind,
        integration_name=None if kind in {"used", "expired", "unknown", "not_offered"} else "ERPNext",
        detail="books.example.com gave HTTP 404." if kind == "not_a_site" else None,
        button=("Try again", BASE) if can_retry else None,
        error_type="connection_error" if can_retry else "invalid_token",
    )


SCREENS: dict[str, Screen] = {
    "choose": Choose(
        integrations=(
            Choice(slug="brightpearl", name="Brightpearl", url=f"{BASE}?integration=brightpearl"),
            Choice(slug="erpnext", name="ERPNext", url=f"{BASE}?integration=erpnext"),
        )
    ),
    **FORMS,
    "continue": Continue(name="ERPNext", url="/slow"),
    "waiting": Waiting(integration_name="ERPNext", retry_url=BASE),
    "companies": Companies(
        integration_name="ERPNext",
        action=f"{BASE}/company",
        companies=(("Acme Ltd", "Acme Ltd (GBP)"), ("Acme Deutschland GmbH", "Acme Deutschland GmbH (EUR)")),
        allows_all=True,
        hidden=(("csrf", "sample"),),
    ),
    "done": _done("https://app.example.com/settings"),
    "done-missing": _done(None, "Invoices", "Credit notes", "Journal entries"),
    **{f"failure-{kind}": _failure(kind) for kind in KINDS},
}

# A brand's colour is the brand's choice: bright, dark and pale ones must all be readable.
COLOURS = ("#2f5bea", "#ffdd00", "#0b1f16", "#f6f6f6", "#e4572e")


def frame(nonce: str, mode: Mode = "page", origin: str | None = None, colour: str | None = None) -> Frame:
    """What is around a screen."""
    return Frame(
        brand_name="Northwind Ledger",
        logo_src=None,
        colour=colour,
        mode=mode,
        origin=origin,
        base=BASE,
        nonce=nonce,
    )
