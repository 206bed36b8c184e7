"""Media types of files, told from the endings of their names."""

from __future__ import annotations

import mimetypes
from urllib.parse import quote

# What a packed file is, whatever is in it.
PACKED = {"gzip": "application/gzip", "bzip2": "application/x-bzip2", "xz": "application/x-xz"}


def media_type(name: str | None) -> str | None:
    """The media type; None where the ending says nothing."""
    if not name:
        return None
    # As a URL, which a bare name that holds a colon would be taken for.
    kind, packing = mimetypes.guess_type(f"file:{quote(name)}")
    return PACKED.get(packing) if packing else kind
