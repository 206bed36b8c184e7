"""What the pages say and allow, whatever they are given."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connect.colours import accent_of, contrast
from app.connect.screens import Continue, Done, Failure, Field, Form, Frame, Mode, render, security_headers
from app.connect.words import WORDS, FailureKind

FRAME = Frame(
    brand_name="Northwind",
    logo_src=None,
    colour="#2f5bea",
    mode="page",
    origin=None,
    base="/link/sample",
    nonce="n0nce",
)
EVIL = "\"'><script>alert(1)</script>{{ 7*7 }}"


@given(st.integers(0, 0xFFFFFF))
def test_any_colour_of_a_brand_can_be_read(number: int) -> None:
    accent = accent_of(f"#{number:06x}")

    assert contrast(accent.on_fill, accent.fill) >= 4.5
    assert contrast(accent.on_light, "#ffffff") >= 4.5
    assert contrast(accent.on_dark, "#1b1e24") >= 4.5


@pytest.mark.parametrize("colour", [None, "", "red", "#fff", "#2f5bea; } body { display: none", "#12345g"])
def test_what_is_no_colour_never_reaches_the_page(colour: str | None) -> None:
    page = render(Continue(name=None, url="https://app.example.com/"), replace(FRAME, colour=colour)).decode()

    assert "--fill: #2f5bea; --on-fill" in page
    assert "display: none" not in page


def _form(field: Field, **more: object) -> Form:
    form = Form(
        integration_name="ERPNext",
        action="/link/sample/erpnext",
        fields=(field,),
        ways=(),
        steps=(),
        submit="Connect",
        opens_consent=True,
        back_url=None,
        error=None,
        hidden=(),
        callback_url=None,
    )
    return replace(form, **more)  # type: ignore[arg-type]


def _field(**more: object) -> Field:
    field = Field(name="key", label="Key", description="", is_secret=False, is_required=True, example=None)
    return replace(field, **more)  # type: ignore[arg-type]


def test_what_a_customer_or_a_provider_wrote_is_shown_as_written() -> None:
    form = _form(_field(value=EVIL, label=EVIL, error=EVIL, example=EVIL), steps=(EVIL,), error=EVIL, submit=EVIL)
    frame = replace(FRAME, brand_name=EVIL, logo_src=EVIL, base=EVIL, origin=EVIL)

    page = render(form, frame).decode()

    assert "<script>alert" not in page
    assert page.count("<script") == 1
    assert "49" not in page


def test_a_secret_is_never_written_into_a_page() -> None:
    page = render(_form(_field(is_secret=True, value="hunter2")), FRAME).decode()

    assert "hunter2" not in page
    assert 'type="password"' in page


@pytest.mark.parametrize(
    ("mode", "opens"), [("page", False), ("popup", False), ("redirect", False), ("iframe", True)]
)
def test_only_within_a_frame_consent_opens_a_window_of_its_own(mode: Mode, opens: bool) -> None:
    page = render(_form(_field()), replace(FRAME, mode=mode)).decode()

    assert ('target="_blank"' in page) is opens


@pytest.mark.parametrize("kind", WORDS)
def test_each_failure_has_words_of_its_own(kind: FailureKind) -> None:
    failure = Failure(
        kind=kind, integration_name=None, detail=None, button=("Try again", "/link/x"), error_type=None
    )
    words = failure.words

    page = render(failure, FRAME).decode()

    assert all(part in page.replace("&#39;", "'") for part in (words.title, words.happened, words.do, "Try again"))
    assert "{" not in words.title + words.happened + words.do
    assert len({other.title for other in WORDS.values()}) == len(WORDS)


def test_the_host_page_is_told_of_only_where_its_origin_was_checked() -> None:
    done = Done(
        integration_name="ERPNext",
        integration="erpnext",
        account_id="a1",
        tenant_words=None,
        return_url=None,
        missing=(),
    )

    told = render(done, replace(FRAME, mode="popup", origin="https://app.example.com")).decode()
    silent = render(done, replace(FRAME, mode="popup")).decode()

    assert 'data-origin="https://app.example.com"' in told
    assert "data-origin" not in silent


@pytest.mark.parametrize("mode", ["page", "popup", "redirect"])
def test_a_page_may_not_be_framed(mode: Mode) -> None:
    headers = dict(security_headers(replace(FRAME, mode=mode), ("https://app.example.com",)))

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


def test_in_iframe_mode_only_the_environments_origins_may_frame_it() -> None:
    frame = replace(FRAME, mode="iframe")

    policy = dict(security_headers(frame, ("https://a.example", "https://b.example")))["content-security-policy"]
    without = dict(security_headers(frame, ()))

    assert policy.endswith("frame-ancestors https://a.example https://b.example")
    assert without["content-security-policy"].endswith("frame-ancestors 'none'")
    assert without["x-frame-options"] == "DENY"


def test_a_page_may_load_nothing_from_elsewhere_and_post_nowhere_else() -> None:
    headers = dict(security_headers(FRAME, ()))

    assert headers["content-security-policy"].split("; ")[:7] == [
        "default-src 'none'",
        "style-src 'self' 'nonce-n0nce'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
    ]
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("mode", "policy"), [("popup", "unsafe-none"), ("page", "same-origin")])
def test_a_popup_keeps_its_opener(mode: Mode, policy: str) -> None:
    headers = dict(security_headers(replace(FRAME, mode=mode), ()))

    assert headers["cross-origin-opener-policy"] == policy
