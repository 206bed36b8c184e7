"""Brightpearl: app tokens or OAuth, searches joined with id sets, 200 calls a wall-clock minute."""

from providers.brightpearl.auth import CREDENTIAL_HEADERS, OAUTH, base_url, books_of, read_context, sign
from providers.brightpearl.connect import CONNECT_FIELDS, WAYS, tidy
from providers.brightpearl.errors import read_error
from providers.brightpearl.inspection import inspect
from providers.brightpearl.paths import PATHS
from providers.brightpearl.quota import LIMITS
from providers.brightpearl.resources import RESOURCES
from providers.brightpearl.site import check
from providers.kit.provider import Provider

provider = Provider(
    slug="brightpearl",
    name="Brightpearl",
    connect_fields=CONNECT_FIELDS,
    read_context=read_context,
    base_url=base_url,
    sign=sign,
    read_error=read_error,
    check=check,
    inspect=inspect,
    books_of=books_of,
    ways=WAYS,
    tidy=tidy,
    resources=RESOURCES,
    limits=LIMITS,
    paths=PATHS,
    oauth=OAUTH,
    credential_headers=CREDENTIAL_HEADERS,
)
