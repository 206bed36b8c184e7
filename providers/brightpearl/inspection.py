"""What is found out of a Brightpearl account at connect: its zone and currency, and what may be read.

Who the credentials belong to, and what the company is called, no call is known to tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec

from providers.brightpearl.idsets import is_nothing
from providers.brightpearl.resources import RESOURCES
from providers.brightpearl.site import CONFIGURATION_PATH, Site, learnt_of, read_configuration
from providers.kit.client import Client, Params
from providers.kit.errors import BadAnswer, NotFound
from providers.kit.provider import Company, Inspection
from providers.kit.rehearsal import Call, Question, Rehearsal, Told, known
from providers.kit.resource import AnyResource

OWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "contacts": ("contact-service/customer", "contact-service/supplier"),
    "credit_notes": ("order-service/sale",),
    "invoices": ("order-service/sale", "order-service/purchase"),
    "items": ("product-service/product",),
    "purchase_orders": ("order-service/purchase",),
    "sales_orders": ("order-service/sale",),
    "vendor_credits": ("order-service/purchase",),
}
"""Where the fields are told of that each resource's records may have."""
_ROW: Params = (("pageSize", "1"), ("firstResult", "1"))
_NO_ROWS = b'{"response":{"results":[],"metaData":{"columns":[]}}}'
_NOTHING = b'{"response":[]}'


class _Answer(msgspec.Struct, frozen=True):
    response: Any


class _Field(msgspec.Struct, frozen=True):
    code: str


class _Fields(msgspec.Struct, frozen=True):
    # A list as recorded; one client has met a map by id.
    response: list[_Field] | dict[str, _Field]


async def inspect(client: Client) -> Inspection:
    """All that can be told. A part that fails is lost alone; a wrong address and refused credentials are raised."""
    configuration = await read_configuration(client)
    rehearsal = Rehearsal(
        client,
        question_of=partial(_question, client, configuration),
        site_of=_no_site,
        who=lambda: read_configuration(client),
    )
    found = await rehearsal.of(RESOURCES)
    own = await _own_fields(client, rehearsal)
    lists = {name: each for name, each in found.items() if each.is_known}
    learnt, code = learnt_of(configuration), str(client.settings["account_code"])
    return Inspection(
        settings={name: value for name, value in learnt.items() if value is not None},
        time_zone=learnt["time_zone"],
        base_currency=learnt["base_currency"],
        companies=(Company(id=code, name=code, currency=learnt["base_currency"]),),
        missing={name: each.words for name, each in lists.items() if not each.is_listed},
        limited={name: each.words for name, each in lists.items() if each.is_listed and each.lacks},
        unknown=tuple(name for name in found if name not in lists),
        custom_fields=own,
    )


async def _no_site(resource: AnyResource, client: Client) -> Site:
    """What records refer to makes no list readable: it is left aside."""
    del resource, client
    return Site()


def _question(client: Client, configuration: Mapping[str, str], call: Call) -> Question:
    """A search is asked for one row, a list for all that it holds; the configuration is known already."""

    async def configured() -> Told:
        return Told(msgspec.json.encode({"response": {"configuration": configuration}}))

    name = call.path.rpartition("/")[2].removesuffix("-search").replace("-", " ")
    ask = configured if call.path == CONFIGURATION_PATH else partial(_asked, client, call.path)
    return Question(right=call.path, name=name, ask=ask)


async def _asked(client: Client, path: str) -> Told:
    is_search = path.endswith("-search")
    try:
        body = await client.get(path, _ROW if is_search else ())
        msgspec.json.decode(body, type=_Answer)
    except NotFound as error:
        if not is_nothing(error):
            raise
        return Told(_NOTHING)
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's answer is not what was asked for") from None
    return Told(_NO_ROWS if is_search else body)


async def _own_fields(client: Client, rehearsal: Rehearsal) -> Mapping[str, tuple[str, ...]] | None:
    """Each resource's own fields, as far as all the places that tell of them do."""
    paths = dict.fromkeys(path for each in OWN_FIELDS.values() for path in each)
    read = await asyncio.gather(*(known(_fields(client, rehearsal, path)) for path in paths))
    told = {path: fields for path, fields in zip(paths, read, strict=True) if fields is not None}
    return {
        name: tuple(dict.fromkeys(field for path in each for field in told[path]))
        for name, each in OWN_FIELDS.items()
        if told.keys() >= set(each)
    } or None


async def _fields(client: Client, rehearsal: Rehearsal, path: str) -> tuple[str, ...]:
    path = f"{path}/custom-field-meta-data"
    told = await rehearsal.told(Question(right=path, name=None, ask=partial(_asked, client, path)))
    try:
        found = msgspec.json.decode(told.body, type=_Fields).response
    except msgspec.DecodeError:
        raise BadAnswer("Brightpearl's custom fields cannot be read") from None
    return tuple(field.code for field in (found.values() if isinstance(found, dict) else found))
