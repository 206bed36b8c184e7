"""What a page of ours may do in a browser, and who may frame it."""

from __future__ import annotations

# What the pages never use, a script in a hijacked page cannot either.
_PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in ("camera", "display-capture", "geolocation", "microphone", "payment", "serial", "usb")
)


def page_headers(
    *, style_nonce: str | None = None, framers: tuple[str, ...] = (), keeps_opener: bool = False
) -> list[tuple[str, str]]:
    """The headers of a page that loads nothing from elsewhere and posts nowhere else.

    `style_nonce` is for a style element in the page, `keeps_opener` for a window whose answer goes to its opener.
    """
    ancestors = " ".join(framers) or "'none'"
    styles = "'self'" if style_nonce is None else f"'self' 'nonce-{style_nonce}'"
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src {styles}",
            "script-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {ancestors}",
        )
    )
    headers = [
        ("content-security-policy", policy),
        ("content-type", "text/html; charset=utf-8"),
        ("cache-control", "no-store"),
        # Nobody else learns the address, which may hold a token. With `no-referrer` browsers would also send
        # `Origin: null` with our own forms, and those without Sec-Fetch-Site could not be told from strangers.
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("permissions-policy", _PERMISSIONS),
        ("cross-origin-opener-policy", "unsafe-none" if keeps_opener else "same-origin"),
    ]
    if not framers:
        headers.append(("x-frame-options", "DENY"))
    return headers
