"""Our models are supersets of Truto's: each of its fields exists in ours, under its name."""

from __future__ import annotations

from typing import get_args, get_type_hints

import msgspec
import pytest

from tests.unified_models.fields import paths
from unified_models.catalogue import MODELS

# Source: Truto's public docs of its Unified Accounting API, schemas and list filters.
_LINE = (
    "id name description item account quantity unit_price tax_rate total_line_amount type tracking_categories.id "
    "tracking_categories.name tracking_categories.option currency exchange_rate"
)
_ADDRESS = "id street_1 street_2 city state country postal_code type"


def _below(parent: str, names: str) -> str:
    return " ".join([parent, *(f"{parent}.{name}" for name in names.split())])


TRUTO = {
    "accounts": (
        "id name description classification type status current_balance currency account_number parent_account "
        "company created_at updated_at etag"
    ),
    "attachments": " ".join(
        ["id file_name file_url file_size file_type company created_at updated_at", _below("parent", "id type")]
    ),
    "company_info": " ".join(
        [
            "id name legal_name tax_number fiscal_year_end_month fiscal_year_end_day currency urls",
            "created_at updated_at",
            _below("emails", "email type"),
            _below("addresses", "street_1 street_2 city state country postal_code type"),
            _below("phones", "number extension type"),
        ]
    ),
    "contact_groups": "id name status created_at updated_at",
    "contacts": " ".join(
        [
            "id name type tax_number status currency company created_at updated_at",
            _below("emails", "email type"),
            _below("addresses", _ADDRESS),
            _below("phones", "number extension type"),
        ]
    ),
    "credit_notes": " ".join(
        [
            "id number status transaction_date contact company total_amount remaining_credit currency",
            "exchange_rate created_at updated_at",
            _below("line_items", _LINE),
        ]
    ),
    "currencies": "id code name symbol created_at updated_at",
    "invoices": " ".join(
        [
            "id type number issue_date due_date paid_on_date memo company currency exchange_rate total_discount",
            "sub_total total_tax_amount balance total_amount payments status account created_at updated_at",
            _below("contact", "id name type"),
            _below("line_items", f"{_LINE} tax_amount discount_amount discount_rate"),
        ]
    ),
    "items": (
        "id name description status quantity unit_price purchase_price purchase_account sales_account "
        "asset_account company created_at updated_at"
    ),
    "journal_entries": " ".join(
        [
            "id memo type currency exchange_rate company created_at updated_at",
            _below("payments", "id payment_for contact.id contact.type"),
            _below("lines", _LINE),
        ]
    ),
    "payment_method": "id name status type created_at updated_at",
    "payments": " ".join(
        [
            "id payment_for status transaction_date account currency exchange_rate company total_amount",
            "created_at updated_at",
            _below("contact", "id type"),
            _below("invoice", "id type"),
        ]
    ),
    "purchase_orders": " ".join(
        [
            "id status issue_date delivery_date delivery_address customer vendor memo total_amount currency",
            "exchange_rate created_at updated_at",
            _below("employee", "id name email"),
            _below("line_items", _LINE),
            _below("tracking_categories", "id name option"),
        ]
    ),
    "tax_rates": ("id name description total_tax_rate effective_tax_rate company status created_at updated_at"),
    "tracking_categories": " ".join(
        [
            "id name status category_type parent_category company created_at updated_at",
            _below("options", "id name status"),
        ]
    ),
    "transactions": " ".join(
        [
            "id number transaction_type transaction_date account account_from contact total_amount currency",
            "exchange_rate company created_at updated_at",
            _below("line_items", _LINE),
        ]
    ),
    "vendor_credits": " ".join(
        [
            "id number transaction_date vendor total_amount currency exchange_rate company",
            _below("line_items", _LINE),
        ]
    ),
}
# Ours alone: Truto has no such resource.
OURS = {"exchange_rates", "sales_orders"}

TRUTO_VALUES = {
    ("accounts", "classification"): "asset equity expense liability revenue bank",
    ("accounts", "status"): "active archived pending",
    ("contact_groups", "status"): "active archived",
    ("contacts", "type"): "customer vendor",
    ("contacts", "status"): "active archived",
    ("credit_notes", "status"): "paid submitted authorised voided",
    ("invoices", "type"): "invoice bill",
    ("invoices", "status"): "authorised deleted draft paid submitted voided",
    ("items", "status"): "active archived",
    ("journal_entries", "type"): "ACCOUNTS_RECEIVABLE ACCOUNTS_PAYABLE GENERAL STATISTICAL",
    ("payment_method", "status"): "active archived",
    ("payment_method", "type"): "credit_card non_credit_card",
    ("payments", "payment_for"): "invoice bill",
    ("tax_rates", "status"): "active archived",
    ("tracking_categories", "status"): "active archived",
    ("transactions", "transaction_type"): (
        "refund deposit estimate transfer credit_card spend receive receive_overpayment receive_prepayment "
        "spend_overpayment spend_prepayment"
    ),
    ("purchase_orders", "status"): "draft submitted authorised billed deleted",
}


def test_every_model_is_held_against_trutos_or_is_ours_alone() -> None:
    assert set(MODELS) == {*TRUTO, *OURS}


@pytest.mark.parametrize("segment", TRUTO)
def test_each_of_trutos_fields_exists_under_its_name(segment: str) -> None:
    ours = {*paths(MODELS[segment]), "remote_data"}

    missing = [name for name in [*TRUTO[segment].split(), "remote_data"] if name not in ours]

    assert not missing


@pytest.mark.parametrize(("segment", "field"), TRUTO_VALUES)
def test_each_of_trutos_values_exists_in_our_enum(segment: str, field: str) -> None:
    hint = get_type_hints(MODELS[segment])[field]
    values = {value for kind in (hint, *get_args(hint)) for value in get_args(kind) if isinstance(value, str)}

    assert set(TRUTO_VALUES[segment, field].split()) <= values


@pytest.mark.parametrize("segment", TRUTO)
def test_what_truto_writes_as_a_text_a_list_or_a_number_is_one_here(segment: str) -> None:
    schema = msgspec.json.schema(MODELS[segment])["$defs"][MODELS[segment].__name__]["properties"]
    lists = {
        *("emails", "addresses", "phones", "urls", "line_items", "lines", "options", "tracking_categories"),
        "payments",
    }

    for name in TRUTO[segment].split():
        if "." not in name:
            assert (schema[name].get("type") == "array") is (name in lists), name
