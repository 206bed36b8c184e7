"""How a customer connects Brightpearl: what is asked, in which ways, and where they find it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from providers.brightpearl.hosts import api_host_of, is_theirs
from providers.kit.provider import ConnectField, Way
from providers.kit.tidy import site_origin, stripped

CONNECT_FIELDS = (
    ConnectField(
        name="account_code",
        label="Account code",
        description="The account's short name, as in the address where you log in: …/acme.login.",
        required=True,
        example="acme",
    ),
    ConnectField(
        name="api_domain",
        label="API domain",
        description="The host of the account's API.",
        required=True,
        example="euw1.brightpearlconnect.com",
    ),
    ConnectField(
        name="app_ref",
        label="App reference",
        description="The identifier of the app: the account code, an underscore and a name.",
        required=True,
        example="acme_gateway",
    ),
    ConnectField(
        name="dev_ref",
        label="Developer reference",
        description="The reference of the app's developer; for OAuth, and account tokens of public apps.",
    ),
    ConnectField(
        name="staff_token",
        label="Staff token",
        description="Of a private staff app, beside the staff member under Manage users.",
        secret=True,
    ),
    ConnectField(
        name="account_token",
        label="Account token",
        description="Of a private or public system app, beside it in the list of apps.",
        secret=True,
    ),
    ConnectField(
        name="dev_secret",
        label="Developer secret",
        description="Signs the account token of a public system app, if the token given is not signed yet.",
        secret=True,
    ),
    ConnectField(
        name="oauth",
        label="OAuth tokens",
        description="access_token, refresh_token, expires_in, client_secret; with the developer reference.",
        secret=True,
    ),
)
FIELDS = {field.name: field for field in CONNECT_FIELDS}

CLIENT_FIELDS = (
    replace(FIELDS["dev_ref"], description="Your own reference as a developer.", required=True),
    ConnectField(
        name="authorize_origin",
        label="Authorize address",
        description="Where consent is given, where it is not https://oauth.brightpearl.com.",
        example="https://oauth.brightpearl.com",
    ),
    ConnectField(
        name="token_origin",
        label="Token address",
        description="Where tokens are given, where it is not https://oauth.brightpearlapp.com.",
        example="https://oauth.brightpearlapp.com",
    ),
)

_LOG_IN = replace(
    FIELDS["api_domain"],
    label="Address where you log in",
    description="Copy it from your browser once you are logged in. The API's own domain will do, too.",
    example="https://euw1.brightpearlapp.com",
)
_OPEN = "Log in to Brightpearl as somebody who may change settings, and open App Store, then Private apps."

WAYS = (
    Way(
        slug="oauth",
        label="Approve in Brightpearl",
        fields=(FIELDS["account_code"],),
        steps=(
            "Find the account code: in the address where you log in, it is what stands before .login.",
            "On the next page, log in to Brightpearl if you are asked to, and allow the connection.",
        ),
        is_oauth=True,
    ),
    Way(
        slug="staff_token",
        label="Use a staff token",
        fields=(FIELDS["account_code"], _LOG_IN, FIELDS["app_ref"], replace(FIELDS["staff_token"], required=True)),
        steps=(
            _OPEN,
            "Press Add private app, and choose Staff app.",
            "Give it a name, and an identifier: your account code, an underscore, and 4 to 16 lower-case letters, "
            "digits or hyphens. Save.",
            "Press Manage users beside the app, choose the staff member as whom the connection shall act, "
            "and press Add.",
            "Copy the identifier into App reference, and the token beside the staff member into Staff token.",
        ),
    ),
    Way(
        slug="account_token",
        label="Use an account token",
        fields=(
            FIELDS["account_code"],
            _LOG_IN,
            FIELDS["app_ref"],
            replace(FIELDS["account_token"], required=True),
        ),
        steps=(
            _OPEN,
            "Find the system app in the list. Brightpearl is ending system apps: if you have none yet, "
            "use a staff token.",
            "Copy its reference into App reference, and its token into Account token.",
        ),
    ),
)

_IN_ADDRESS = re.compile(r"(?:^|/)([\w-]+)\.login\b|/(?:public-api|authorize|token)/([\w-]+)")


def tidy(given: Mapping[str, str]) -> dict[str, str]:
    """The account code in small letters or out of an address, the API's host out of where one logs in."""
    form = stripped(given)
    if "account_code" in form:
        form["account_code"] = _account_code(form["account_code"])
    if "api_domain" in form:
        form["api_domain"] = _api_domain(form["api_domain"])
    return form


def _account_code(typed: str) -> str:
    found = _IN_ADDRESS.search(typed)
    return (typed if found is None else found[1] or found[2]).lower()


def _api_domain(typed: str) -> str:
    address = site_origin(typed)
    host = address.partition("://")[2]
    if is_theirs(host):
        return api_host_of(host)
    return address if "://" in typed else typed
