"""Warehouses, their zones and locations, and shipping methods, with the searches over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from providers.brightpearl.sandbox.calls import Call, Routes
from providers.brightpearl.sandbox.idsets import within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found
from providers.brightpearl.sandbox.search import Column, Search, columns
from providers.brightpearl.sandbox.store import Store

GROUPINGS = ("groupingA", "groupingB", "groupingC", "groupingD")
BREAKS = "10,100,250,1000,100000"


def warehouse_lists() -> dict[str, list[Row]]:
    """The lists as GETs give them."""
    return {
        "warehouse": [
            {
                "name": name,
                "typeCode": "warehouse",
                "typeDescription": "Warehouse",
                "id": number,
                "address": {"addressId": 1},
                "clickAndCollectEnabled": False,
            }
            for number, name in ((2, "Main warehouse"), (3, "Shop & counter"))
        ],
        "shipping-method": [
            {
                "id": number,
                "name": name,
                "code": code,
                "breaks": BREAKS,
                "methodType": 1,
                "additionalInformationRequired": False,
                "countries": "",
                "channelBrandTemplates": {},
            }
            for number, name, code in ((2, "Courier = next day", "NEXT"), (4, "Collection", "OWN"))
        ],
        "location": [
            {"id": number, "warehouseId": warehouse, "zoneId": 1, **_place(number), "barcode": f"LOC{number}"}
            for number, warehouse in ((1, 2), (2, 2), (3, 3), (4, 3))
        ],
        "zone": [{"id": 1, "name": "Front", "warehouseId": 2}, {"id": 2, "name": "Back", "warehouseId": 2}],
    }


def _place(number: int) -> dict[str, str]:
    return dict(zip(GROUPINGS, (str(number), "A", "1", "0"), strict=True))


def get_in_warehouse(name: str, found_nothing: str) -> Routes:
    """The routes of a list that stands below its warehouse."""

    def handler(call: Call) -> Reply:
        warehouses, wanted = call.id_set(None), call.id_set(None, 1)
        rows = [
            row
            for row in call.store.lists[name]
            if (warehouses is None or within(row["warehouseId"], warehouses))
            and (wanted is None or within(row["id"], wanted))
        ]
        if wanted is not None and not rows:
            raise nothing_found(found_nothing)
        return Reply({"response": rows})

    path = f"warehouse-service/warehouse/*/{name}"
    return (("GET", path, handler, f"get-{name}"), ("GET", f"{path}/*", handler, f"get-{name}"))


def special_location(index: int) -> Routes:
    """The one location of a warehouse that new stock goes to, or that blocked stock waits in."""
    name = ("default", "quarantine")[index]

    def handler(call: Call) -> Reply:
        found = [row["id"] for row in call.store.lists["location"] if row["warehouseId"] == call.number()]
        if not found:
            raise nothing_found("No Warehouses Found")
        return Reply({"response": found[index]})

    return (("GET", f"warehouse-service/warehouse/*/location/{name}", handler, f"get-{name}-location"),)


def _warehouse_rows(store: Store) -> Iterator[Row]:
    for row in store.lists["warehouse"]:
        about = {name: row[name] for name in ("id", "name", "typeDescription")}
        yield {**about, "addressId": row["address"]["addressId"]}


def _search(name: str, *made: Column) -> Search:
    return Search(columns=columns(*made), rows=lambda store: store.lists[name], sorted_by="id")


_ID, _NAME = Column("id", "IDSET"), Column("name", "SEARCH_STRING")
WAREHOUSE_SEARCHES: Mapping[str, Search] = {
    "warehouse-service/warehouse-search": Search(
        columns=columns(_ID, _NAME, Column("typeDescription", "STRING"), Column("addressId", "IDSET")),
        rows=_warehouse_rows,
        sorted_by="id",
    ),
    "warehouse-service/shipping-method-search": _search("shipping-method", _ID, Column("code", "STRING"), _NAME),
    "warehouse-service/location-search": _search(
        "location",
        _ID,
        Column("warehouseId", "IDSET"),
        Column("zoneId", "IDSET"),
        *(Column(name, "STRING") for name in (*GROUPINGS, "barcode")),
    ),
    "warehouse-service/zone-search": _search("zone", _ID, _NAME, Column("warehouseId", "IDSET")),
}
ROUTES: Routes = (
    *get_in_warehouse("location", "No Locations Found"),
    *get_in_warehouse("zone", "No Zones Found"),
    *special_location(0),
    *special_location(1),
)
