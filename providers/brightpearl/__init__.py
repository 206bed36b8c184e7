"""Brightpearl: app tokens or OAuth, searches joined with id sets, 200 calls a wall-clock minute."""

from providers.brightpearl.auth import (
    CONNECT_FIELDS,
    CREDENTIAL_HEADERS,
    base_url,
    read_context,
    read_tokens,
    refresh_request,
    sign,
)
from providers.brightpearl.errors import read_error
from providers.brightpearl.resources import RESOURCES
from providers.brightpearl.site import check
from providers.kit.provider import Limits, Provider, Refresh

provider = Provider(
    slug="brightpearl",
    name="Brightpearl",
    connect_fields=CONNECT_FIELDS,
    read_context=read_context,
    base_url=base_url,
    sign=sign,
    read_error=read_error,
    check=check,
    resources=RESOURCES,
    limits=Limits(model="wall_clock_minute", calls_per_minute=200, at_once_max=10),
    refresh=Refresh(request=refresh_request, read=read_tokens),
    credential_headers=CREDENTIAL_HEADERS,
)
