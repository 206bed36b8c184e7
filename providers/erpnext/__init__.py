"""ERPNext 15: API keys or OAuth, Frappe's lists and documents, no declared limit."""

from providers.erpnext.auth import OAUTH, base_url, books_of, read_context, sign
from providers.erpnext.connect import CONNECT_FIELDS, WAYS, tidy
from providers.erpnext.errors import read_error
from providers.erpnext.inspection import inspect
from providers.erpnext.paths import PATHS
from providers.erpnext.quota import LIMITS
from providers.erpnext.resources import RESOURCES
from providers.erpnext.site import check, probe
from providers.kit.provider import Provider

provider = Provider(
    slug="erpnext",
    name="ERPNext",
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
    probe=probe,
    # Frappe writes its refusals in the user's language unless asked otherwise.
    headers=(("Accept-Language", "en"),),
    # The last one picks another site of the same bench, where these credentials may be someone else's.
    credential_headers=frozenset({b"authorization", b"cookie", b"x-frappe-csrf-token", b"x-frappe-site-name"}),
)
