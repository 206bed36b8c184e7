"""Attachments: files that hang on records."""

from __future__ import annotations

from typing import Annotated, Literal

from unified_models.base import Part, UnifiedModel
from unified_models.units import count, flag, parts, text

ParentType = Literal[
    "accounts",
    "company_info",
    "contact_groups",
    "contacts",
    "credit_notes",
    "currencies",
    "expenses",
    "invoices",
    "items",
    "journal_entries",
    "payment_method",
    "payments",
    "purchase_orders",
    "sales_orders",
    "tax_rates",
    "tracking_categories",
    "transactions",
    "vendor_credits",
]
"""The unified resources whose records files hang on; Truto's are single and fewer."""


class AttachmentParent(Part, frozen=True, kw_only=True, gc=False):
    """The record a file hangs on."""

    id: Annotated[
        str | None, text("Its id in the resource of its type, or the provider's id where there is none.")
    ] = None
    type: Annotated[ParentType | None, text("The unified resource it is in; null where it is none of them.")] = None
    remote_type: Annotated[str | None, text("The provider's own word for the kind of record.")] = None
    field: Annotated[str | None, text("The provider's field that holds the file, where it is one.")] = None


class Attachment(UnifiedModel, frozen=True, kw_only=True, gc=False):
    """A file."""

    file_name: Annotated[str | None, text("Its name.")] = None
    file_url: Annotated[str | None, text("Where the provider keeps it: a path below the proxy, or an address.")] = (
        None
    )
    file_size: Annotated[int | None, count("Bytes.")] = None
    file_type: Annotated[str | None, text("Media type, told from the name's ending.")] = None
    parent: Annotated[AttachmentParent | None, parts("What it hangs on.")] = None
    company: Annotated[str | None, text("The company it belongs to, where files belong to one.")] = None
    content_hash: Annotated[str | None, text("The provider's hash of its content.")] = None
    is_private: Annotated[bool | None, flag("Needs credentials to be read.")] = None
    is_folder: Annotated[bool | None, flag("Is a folder of files.")] = None
