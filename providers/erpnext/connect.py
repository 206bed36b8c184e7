"""How a customer connects ERPNext: what is asked, in which ways, and where they find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from providers.kit.provider import ConnectField, Way
from providers.kit.tidy import site_origin, stripped

CONNECT_FIELDS = (
    ConnectField(
        name="site_url",
        label="Site address",
        description="Where you open ERPNext in your browser.",
        required=True,
        example="https://books.example.com",
    ),
    ConnectField(
        name="api_key",
        label="API key",
        description="In ERPNext: User, then Settings, then API Access.",
        secret=True,
    ),
    ConnectField(
        name="api_secret",
        label="API secret",
        description="Shown once, when the keys are generated.",
        secret=True,
    ),
    ConnectField(
        name="oauth",
        label="OAuth tokens",
        description="access_token, refresh_token, expires_in, client_id, client_secret; in place of keys.",
        secret=True,
    ),
    ConnectField(
        name="company",
        label="Company",
        description="Only this company's records; all of them when left out.",
        example="Acme Trading Ltd",
    ),
)
FIELDS = {field.name: field for field in CONNECT_FIELDS}

CLIENT_FIELDS = (
    ConnectField(
        name="client_id",
        label="App Client ID",
        description="On the OAuth Client, once it is saved.",
        required=True,
        example="4se14b9ig5",
    ),
    ConnectField(
        name="client_secret",
        label="App Client Secret",
        description="Beside the App Client ID.",
        secret=True,
        required=True,
    ),
)

WAYS = (
    Way(
        slug="oauth",
        label="Approve in ERPNext",
        fields=(FIELDS["site_url"],),
        steps=("On the next page, log in to ERPNext if you are asked to, and press Allow.",),
        is_oauth=True,
        client_fields=CLIENT_FIELDS,
        client_steps=(
            "Log in to ERPNext as a system manager, search for OAuth Client List at the top, "
            "and press Add OAuth Client.",
            "App Name: a name that you will recognise later.",
            "Redirect URIs and Default Redirect URI, in both: {callback_url}",
            "Scopes: all openid. Grant Type: Authorization Code. Response Type: Code. Save.",
            "Copy App Client ID and App Client Secret from the saved page into this form.",
        ),
    ),
    Way(
        slug="api_key",
        label="Use an API key",
        fields=(
            FIELDS["site_url"],
            replace(FIELDS["api_key"], required=True),
            replace(FIELDS["api_secret"], required=True),
        ),
        steps=(
            "Log in to ERPNext as a system manager, search for User List at the top, and open the user as whom the "
            "connection shall act. It sees what that user may see.",
            "Open the tab Settings, then API Access, and press Generate Keys. "
            "If the user has keys already, this ends the old secret.",
            "Copy the secret that is shown into API secret: it is shown only once. "
            "Then copy API Key from the same place.",
        ),
    ),
)


def tidy(given: Mapping[str, str]) -> dict[str, str]:
    """The site's address out of whatever page of it was pasted: ERPNext is always at the root of its host."""
    form = stripped(given)
    if "site_url" in form:
        form["site_url"] = site_origin(form["site_url"])
    return form
