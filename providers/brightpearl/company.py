"""Reads whose books these are: the one company of a Brightpearl account, as its configuration tells."""

from __future__ import annotations

import msgspec

from providers.brightpearl.site import Site, read_configuration
from providers.brightpearl.wire_lists import AccountConfiguration, CompanyRecord
from providers.kit.client import Client
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.pages import Query
from providers.kit.resource import Record, Rows


async def list_companies(client: Client, site: Site, query: Query) -> Rows[CompanyRecord]:
    """The one there is."""
    del site
    found = await _read(client)
    return Rows(records=[found.wire], remote_data=[found.remote_data] if query.remote_data else ())


async def get_company(client: Client, site: Site, record_id: str, expand: frozenset[str]) -> Record[CompanyRecord]:
    """The one there is, by the account's code."""
    del site, expand
    found = await _read(client)
    if record_id != found.wire.code:
        raise NotFound("the account has one company, whose id is the account code")
    return found


async def _read(client: Client) -> Record[CompanyRecord]:
    configuration = await read_configuration(client)
    try:
        known = msgspec.convert(configuration, AccountConfiguration)
    except msgspec.ValidationError:
        raise BadAnswer("Brightpearl's account configuration cannot be read") from None
    code = str(client.settings["account_code"])
    return Record(wire=CompanyRecord(code=code, configuration=known), remote_data=configuration)
