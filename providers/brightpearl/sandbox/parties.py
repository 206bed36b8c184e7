"""Whom an order names: a snapshot of a contact with its address, or the account's own company."""

from __future__ import annotations

from providers.brightpearl.sandbox.replies import Row
from providers.brightpearl.sandbox.store import Store

COUNTRIES = {
    "GBR": ("United Kingdom", 222, "GB"),
    "USA": ("United States", 223, "US"),
    "DEU": ("Germany", 81, "DE"),
    "JPN": ("Japan", 107, "JP"),
    "CRI": ("Costa Rica", 282, "CR"),
}
"""Name, id and short code by long code. Of the ids, those of GBR and CRI were seen."""
_LINES = ("addressLine1", "addressLine2", "addressLine3", "addressLine4", "postalCode")


def party(store: Store, contact: Row) -> Row:
    """A contact as an order keeps it. Without a country the country's keys are missing and its id is 0."""
    address = store.addresses.get(contact["postAddressIds"].get("DEF", 0), {})
    reach = contact["communication"]
    return _party(
        {"contactId": contact["contactId"]},
        f"{contact['firstName']} {contact['lastName']}".strip(),
        contact["organisation"].get("name", ""),
        {name: address.get(name, "") for name in _LINES},
        {
            "telephone": reach["telephones"].get("PRI", ""),
            "mobileTelephone": reach["telephones"].get("MOB", ""),
            "fax": reach["telephones"].get("FAX", ""),
            "email": reach["emails"].get("PRI", {}).get("email", ""),
        },
        address.get("countryIsoCode"),
    )


def own_party() -> Row:
    """The account's own company."""
    reach = dict.fromkeys(("telephone", "mobileTelephone", "fax", "email"), "")
    return _party({}, "Acme Ltd", "Acme Ltd", dict.fromkeys(_LINES, ""), reach, "CRI")


def _party(number: Row, name: str, company: str, lines: Row, reach: Row, country: str | None) -> Row:
    found = {**number, "addressFullName": name, "companyName": company, **lines}
    if country is None or country not in COUNTRIES:
        return {**found, **reach, "countryId": 0}
    title, country_id, short = COUNTRIES[country]
    codes = {"countryId": country_id, "countryIsoCode": short, "countryIsoCode3": country}
    return {**found, "country": title, **reach, **codes}
