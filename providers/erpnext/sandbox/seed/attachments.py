"""Files attached to documents, of every sort of name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date

from providers.erpnext.sandbox.files import content
from providers.erpnext.sandbox.seed.books import Books
from providers.erpnext.sandbox.seed.sizes import START

_NAMES = ("receipt é.txt", "scan #1.pdf", "50% off.csv", "発票.png", "o'neill & co.docx", "😀.jpg", "a b+c.txt")
_OWNERS = ("Sales Invoice", "Purchase Invoice", "Payment Entry", "Journal Entry", "Customer", "Supplier", "Item")


def add_files(books: Books) -> None:
    """Files on documents of several kinds, and a folder, a link and one that belongs to nothing."""
    for name in ("Home", "Home/Attachments"):
        place = {"folder": None if name == "Home" else "Home", "is_home_folder": int(name == "Home")}
        folder = {"name": name, "file_name": name.rpartition("/")[2], "is_folder": 1, "is_private": 0}
        books.store.add("File", {**folder, **place, **books.stamps(START)})
    owners = list(_owners(books))
    gone = {
        "attached_to_doctype": "Customer",
        "attached_to_name": "No longer there",
        "is_private": 1,
        "file_size": 3,
    }
    for index in range(2):
        # Two of one content share their address; one may belong to a document that is no more (measured).
        shared = {
            "name": f"5ha2ed0f1{index}",
            "file_name": f"copy {index}.txt",
            "file_url": "/private/files/copy 0.txt",
        }
        books.store.add("File", {**gone, **shared, "content_hash": "0" * 32, **books.stamps(START)})
    for index in range(books.size.files):
        doctype, owner, day = owners[index % len(owners)] if index % 20 != 19 else (None, None, START)
        file_name = f"{index}-{_NAMES[index % len(_NAMES)]}"
        is_private = int(index % 3 != 0)
        is_link = index % 17 == 16
        held = content(file_name)
        books.store.add(
            "File",
            {
                "name": hashlib.blake2b(file_name.encode(), digest_size=5).hexdigest(),
                "file_name": file_name,
                "file_type": file_name.rpartition(".")[2].upper(),
                "file_size": 0 if is_link else len(held),
                "file_url": f"https://files.example/{index}" if is_link else _url(file_name, is_private),
                "content_hash": None if is_link else hashlib.blake2b(held, digest_size=16).hexdigest(),
                "is_private": is_private,
                "folder": "Home/Attachments",
                "attached_to_doctype": doctype,
                "attached_to_name": owner,
                "attached_to_field": "image" if doctype == "Item" else None,
                **books.stamps(day, 20),
            },
        )


def _url(file_name: str, is_private: int) -> str:
    return f"{'/private' if is_private else ''}/files/{file_name}"


def _owners(books: Books) -> Iterator[tuple[str | None, str | None, date]]:
    """Documents that have files, in turns; the first of each kind has several."""
    names = {doctype: list(books.store.documents[doctype].values()) for doctype in _OWNERS}
    for index in range(60):
        for doctype in _OWNERS:
            row = names[doctype][index // 2 % len(names[doctype])]
            yield doctype, row["name"], date.fromisoformat(row["creation"][:10])
