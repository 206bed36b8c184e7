"""What a caller adds to a list call by `remote_query`, and what may not be added."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from providers.kit.errors import UnsupportedFilter
from providers.kit.pages import Query

SIZE_MAX = 2_000

_OURS = frozenset(
    {
        "doctype",
        "fields",
        "filters",
        "or_filters",
        "order_by",
        "limit",
        "limit_start",
        "limit_page_length",
        "start",
        "group_by",
        "as_dict",
        "parent",
    }
)
# On any address Frappe runs the method that `cmd` names, logs in by `usr` and `pwd`, takes `sid` for a session
# and `data` for more arguments: each would make of a reader's question something else.
_FRAPPES = frozenset(
    {
        "cmd",
        "data",
        "sid",
        "usr",
        "pwd",
        "doc",
        "docs",
        "method",
        "run_method",
        "_lang",
        "_type",
        "csrf_token",
    }
)


def remote_query(query: Query) -> tuple[tuple[str, str], ...]:
    """What the caller adds to the list call, which may touch neither what paging rests on nor what is run."""
    for name, _ in query.remote_query:
        if name in _OURS or name in _FRAPPES:
            raise UnsupportedFilter(f"remote_query may not set {name}")
    if len(urlencode(query.remote_query, quote_via=quote)) > SIZE_MAX:
        raise UnsupportedFilter(f"remote_query may hold {SIZE_MAX:,} characters at most, percent-encoded")
    return query.remote_query
