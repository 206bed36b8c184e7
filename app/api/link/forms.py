"""The form of an integration: what it asks, as a screen."""

from __future__ import annotations

from collections.abc import Mapping

from app.api.link.shown import Shown, with_query
from app.connect.offers import Offer
from app.connect.screens import Field, Form, WayLink
from providers.kit.provider import Way


def filled(
    shown: Shown,
    offer: Offer,
    way: Way,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    has_others: bool,
    callback_url: str,
) -> Form:
    """The form with what is known filled in, and what is wrong said beside its field."""
    slug = offer.provider.slug
    fields = offer.fields(way)
    names = {field.name for field in fields}
    summary = next((text for name, text in errors.items() if name not in names), None)
    steps = tuple(step.replace("{callback_url}", callback_url) for step in offer.steps(way))
    asks_client = any(field in fields for field in way.client_fields)
    return Form(
        integration_name=offer.provider.name,
        action=with_query(shown.to(slug), way=way.slug),
        fields=tuple(
            Field(
                name=field.name,
                label=field.label,
                description=field.description,
                is_secret=field.secret,
                is_required=field.required,
                example=field.example,
                value="" if field.secret else values.get(field.name, ""),
                error=errors.get(field.name),
            )
            for field in fields
        ),
        ways=tuple(
            WayLink(
                label=other.label, url=with_query(shown.to(slug), way=other.slug), is_current=other.slug == way.slug
            )
            for other in offer.ways
        ),
        steps=steps,
        submit="Continue" if way.is_oauth else "Connect",
        opens_consent=way.is_oauth,
        back_url=shown.to() if has_others else None,
        error=summary,
        hidden=(),
        callback_url=callback_url if asks_client else None,
    )


def sentence(message: str) -> str:
    """A refusal of the context as a person reads it."""
    return f"{message[:1].upper()}{message[1:]}."
