"""The rows of the ledger's lists: accounts, tax rates, payment methods, currencies, exchange rates.

Each list comes whole, in one call, whatever the page; filters are applied here, to at most 2,000 rows.
"""

from __future__ import annotations

from providers.brightpearl.ledger_lists import (
    get_account,
    get_currency,
    get_method,
    get_rate,
    get_tax_rate,
    list_accounts,
    list_currencies,
    list_methods,
    list_rates,
    list_tax_rates,
    rate_id,
)
from providers.brightpearl.mappers import (
    account,
    currency,
    payment_method,
    tax_rate,
)
from providers.brightpearl.rows.common import DATE, FLAG, RATE, STATE, TEXT
from providers.brightpearl.site import (
    Site,
    configured_site,
    currency_site,
    no_site,
    nominal_site,
    rate_site,
)
from providers.brightpearl.wire_lists import (
    Currency,
    ExchangeRate,
    NominalCode,
    PaymentMethodRecord,
    TaxCode,
)
from providers.kit.resource import ListRules, Resource
from unified_models.account import Account
from unified_models.currency import Currency as UnifiedCurrency
from unified_models.currency import ExchangeRate as UnifiedRate
from unified_models.payment_method import PaymentMethod
from unified_models.tax_rate import TaxRate

_NOT_STAMPED = ("every change: Brightpearl stamps none on this list",)
_UNSTAMPED_SOURCES = {"created_at": None, "updated_at": None, "deleted_at": None, "custom_fields": None}

ACCOUNTS: Resource[NominalCode, Site, Account] = Resource(
    model=Account,
    site=currency_site,
    to_unified=account.to_unified,
    id_of=lambda nominal: str(nominal.id),
    list=list_accounts,
    get=get_account,
    list_rules=ListRules(
        filters={"code": TEXT, "name": TEXT, "status": STATE, "is_bank": FLAG},
        calls="1 nominal-code (the whole list)",
    ),
    get_calls="1 nominal-code",
    unstamped=_NOT_STAMPED,
    sources={
        "id": "id",
        "remote_id": "id",
        **_UNSTAMPED_SOURCES,
        "name": "name",
        "code": "code",
        "description": "description",
        "classification": "bank; null for all others, since what the numbers of types mean is not documented",
        "remote_classification": None,
        "type": "bank; null for all others, since what the numbers of types mean is not documented",
        "remote_type": "type.id",
        "status": "active",
        "current_balance": None,
        "currency": "currencyId by currency-search",
        "account_number": None,
        "parent_account": None,
        "company": None,
        "tax_rate": "taxCode; 0 is none",
        "tax_percentage": None,
        "is_group": None,
        "is_bank": "bank",
        "is_reconciled": "reconcile",
        "etag": None,
    },
)

_MAYBE_ZERO = "rate; null where it is left out, which Brightpearl does for 0 %, for exempt and for unset alike"

TAX_RATES: Resource[TaxCode, Site, TaxRate] = Resource(
    model=TaxRate,
    site=configured_site,
    to_unified=tax_rate.to_unified,
    id_of=lambda tax: str(tax.id),
    list=list_tax_rates,
    get=get_tax_rate,
    list_rules=ListRules(filters={"code": TEXT, "name": TEXT}, calls="1 tax-code (the whole list)"),
    get_calls="1 tax-code",
    unstamped=_NOT_STAMPED,
    sources={
        "id": "id (taxClassId, taxCodeId elsewhere)",
        "remote_id": "id",
        **_UNSTAMPED_SOURCES,
        "name": "description",
        "code": "code",
        "description": None,
        "side": None,
        "total_tax_rate": _MAYBE_ZERO,
        "effective_tax_rate": _MAYBE_ZERO,
        "company": None,
        "category": None,
        "status": None,
        "is_default": "account-configuration: defaultTaxRateId",
        "components": None,
        "components.id": None,
        "components.sequence": None,
        "components.name": None,
        "components.account": None,
        "components.rate": None,
        "components.amount": None,
        "components.calculation": None,
        "components.is_included_in_price": None,
        "components.is_deducted": None,
        "components.tracking_categories": None,
        "components.tracking_categories.id": None,
        "components.tracking_categories.name": None,
        "components.tracking_categories.option": None,
    },
)

PAYMENT_METHODS: Resource[PaymentMethodRecord, Site, PaymentMethod] = Resource(
    model=PaymentMethod,
    site=nominal_site,
    to_unified=payment_method.to_unified,
    id_of=lambda record: str(record.id),
    list=list_methods,
    get=get_method,
    list_rules=ListRules(
        filters={"code": TEXT, "name": TEXT, "status": STATE},
        calls="1 payment-method (the whole list) + 1 payment-method-search where a method has no bank account",
    ),
    get_calls="1 payment-method (the whole list) + 1 payment-method-search where a method has no bank account",
    unstamped=_NOT_STAMPED,
    sources={
        "id": "bankAccounts[0].paymentMethodId; without a bank account, payment-method-search by code",
        "remote_id": "bankAccounts[0].paymentMethodId; without a bank account, payment-method-search by code",
        **_UNSTAMPED_SOURCES,
        "name": "name",
        "code": "code",
        "status": "isActive",
        "type": None,
        "remote_type": None,
        "accounts": "bankAccounts",
        "accounts.account": "bankAccounts[].bankAccountNominalCode by nominal-code",
        "accounts.currency": "bankAccounts[].currencyIsoCode",
        "accounts.company": None,
    },
)

CURRENCIES: Resource[Currency, Site, UnifiedCurrency] = Resource(
    model=UnifiedCurrency,
    site=no_site,
    to_unified=currency.to_unified,
    id_of=lambda row: str(row.id),
    list=list_currencies,
    get=get_currency,
    list_rules=ListRules(
        filters={"code": TEXT, "is_base": FLAG},
        calls="ceil(c/500) currency-search, for c currencies (the whole list): 1",
    ),
    get_calls="1 currency-search (the whole list)",
    unstamped=_NOT_STAMPED,
    sources={
        "id": "id",
        "remote_id": "id",
        **_UNSTAMPED_SOURCES,
        "code": "code",
        "name": "title",
        "symbol": "symbol",
        "status": None,
        "is_base": "isDefault",
        "exchange_rate": f"exchangeRate ({RATE})",
        "fraction_units": None,
        "smallest_fraction": None,
    },
)

EXCHANGE_RATES: Resource[ExchangeRate, Site, UnifiedRate] = Resource(
    model=UnifiedRate,
    site=rate_site,
    to_unified=currency.to_rate,
    id_of=rate_id,
    list=list_rates,
    get=get_rate,
    list_rules=ListRules(filters={"to_currency": TEXT, "date": DATE}, calls="1 exchange-rate (the whole list)"),
    get_calls="1 exchange-rate (the whole list)",
    unstamped=_NOT_STAMPED,
    sources={
        "id": "currencyId, `@`, rateActiveFrom in UTC: a rate has no id of its own",
        "remote_id": "currencyId, `@`, rateActiveFrom in UTC: a rate has no id of its own",
        **_UNSTAMPED_SOURCES,
        "from_currency": "account-configuration: baseCurrencyCode",
        "to_currency": "currencyId by currency-search",
        "rate": f"rate ({RATE})",
        "date": "rateActiveFrom",
        "active_from": "rateActiveFrom",
        "is_for_buying": None,
        "is_for_selling": None,
    },
)
