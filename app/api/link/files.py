"""The style sheet and script of the hosted page, and the browser SDK."""

from __future__ import annotations

from starlette.routing import Route

from app.pages.files import file_route


def routes() -> list[Route]:
    """One route for each file."""
    # The SDK is loaded by pages of other sites.
    anywhere = {"cross-origin-resource-policy": "cross-origin"}
    return [
        file_route("/link-page.css", "app.connect"),
        file_route("/link-page.js", "app.connect"),
        file_route("/link-sdk.js", "app.connect", anywhere),
    ]
