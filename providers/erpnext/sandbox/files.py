"""The bytes of the sandbox's files: made from their names, so that none has to be kept."""

from __future__ import annotations

from providers.erpnext.sandbox.store import Store


def content(file_name: str) -> bytes:
    """What a file of this name holds."""
    return f"the sandbox's file {file_name}\n".encode()


def content_of(store: Store, url: str) -> bytes | None:
    """The bytes at an address of the site, if a file is there."""
    found = next((row for row in store.documents["File"].values() if row["file_url"] == url), None)
    return content(found["file_name"]) if found else None
