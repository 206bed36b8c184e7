"""Goods notes by order and by number: maps from the note's number to the note, as recorded."""

from __future__ import annotations

from collections.abc import Callable

from providers.brightpearl.sandbox.calls import Call, Handler, Routes
from providers.brightpearl.sandbox.idsets import within
from providers.brightpearl.sandbox.replies import Reply, Row, nothing_found, unexplained
from providers.brightpearl.sandbox.store import Store

Notes = Callable[[Store], dict[int, Row]]


def get_notes(notes: Notes, ids_max: int, found_nothing: str) -> Handler:
    """Those of some orders, or of any, and among them some or all. All of all orders cannot be asked for."""

    def handler(call: Call) -> Reply:
        orders, wanted = call.id_set(ids_max), call.id_set(ids_max, 1)
        if orders is None and wanted is None:
            raise unexplained()
        found = {
            str(number): note
            for number, note in notes(call.store).items()
            if (orders is None or within(note["orderId"], orders)) and (wanted is None or within(number, wanted))
        }
        if wanted is not None and not found:
            raise nothing_found(found_nothing)
        return Reply({"response": found})

    return handler


def _no_notes(store: Store) -> dict[int, Row]:
    """Nothing of the seed's goes from a supplier straight to a customer."""
    del store
    return {}


def _routes(kind: str, notes: Notes, ids_max: int) -> Routes:
    path = f"warehouse-service/order/*/goods-note/{kind}"
    handler = get_notes(notes, ids_max, "No Goods Notes Found")
    name = f"get-{kind}-note"
    return (("GET", path, handler, name), ("GET", f"{path}/*", handler, name))


ROUTES: Routes = (
    *_routes("goods-out", lambda store: store.goods_out, 500),
    *_routes("goods-in", lambda store: store.goods_in, 200),
    *_routes("drop-ship", _no_notes, 200),
)
