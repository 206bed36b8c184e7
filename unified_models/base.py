"""What every unified model is: a frozen record whose fields are all present in an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from unified_models.units import instant, parts, text

CustomFields = Mapping[str, Any]


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A piece of a unified model. Null says that the provider has none."""


class UnifiedModel(Part, frozen=True, kw_only=True, gc=False):
    """One record, the same for every provider."""

    id: Annotated[
        str, text("Stable, opaque identifier. `<kind>:<remote id>` where several kinds feed the resource.")
    ]
    remote_id: Annotated[str, text("The provider's own identifier.")]
    created_at: Annotated[datetime | None, instant("When the record was made.")] = None
    updated_at: Annotated[
        datetime | None, instant("When the record last changed; when it was made, until its first change.")
    ] = None
    deleted_at: Annotated[datetime | None, instant("When the record was deleted, where the provider tells.")] = None
    custom_fields: Annotated[
        CustomFields, parts("The customer's own fields, by the provider's field name, with their raw values.")
    ] = {}
    remote_data: Annotated[
        Any, parts("The provider's own record, untouched. Only present when `remote_data=true` asked for it.")
    ] = msgspec.UNSET
