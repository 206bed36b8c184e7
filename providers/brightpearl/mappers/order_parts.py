"""The pieces of Brightpearl's orders: parties, addresses, rows, dimensions."""

from __future__ import annotations

from providers.brightpearl.wire import (
    Assigned,
    Composition,
    Money,
    Order,
    OrderRow,
    Parties,
    Party,
    Quantity,
    RowValue,
)
from providers.kit.exact import exact
from unified_models.parts import (
    Address,
    AddressType,
    ContactReference,
    LineItem,
    LineType,
    TrackingCategoryReference,
)

FREE_TEXT_PRODUCT = 1000


def contact(order: Order) -> ContactReference | None:
    """The supplier of a purchase, the customer of a sale."""
    parties = order.parties or Parties()
    if parties.supplier is not None:
        return ContactReference(id=_id(parties.supplier), name=_name(parties.supplier), type="vendor")
    if parties.customer is not None:
        return ContactReference(id=_id(parties.customer), name=_name(parties.customer), type="customer")
    return None


def _id(party: Party) -> str | None:
    return str(party.contactId) if party.contactId else None


def _name(party: Party) -> str | None:
    return party.companyName or party.addressFullName or None


def addresses(order: Order) -> list[Address]:
    """The parties' addresses as they were when the order was made."""
    parties = order.parties or Parties()
    pairs: tuple[tuple[AddressType, Party | None], ...] = (
        ("default", parties.supplier or parties.customer),
        ("billing", parties.billing),
        ("shipping", parties.delivery),
    )
    return [_address(kind, party) for kind, party in pairs if party is not None]


def _address(kind: AddressType, party: Party) -> Address:
    return Address(
        type=kind,
        name=party.addressFullName or None,
        company_name=party.companyName or None,
        street_1=party.addressLine1 or None,
        street_2=party.addressLine2 or None,
        city=party.addressLine3 or None,
        state=party.addressLine4 or None,
        postal_code=party.postalCode or None,
        country=party.countryIsoCode or party.country or None,
    )


def delivery_lines(order: Order) -> str | None:
    """Where the goods go, one line each of what is filled in."""
    party = order.parties.delivery if order.parties else None
    if party is None:
        return None
    written = (
        party.addressFullName,
        party.companyName,
        party.addressLine1,
        party.addressLine2,
        party.addressLine3,
        party.addressLine4,
        party.postalCode,
        party.country,
    )
    return "\n".join(dict.fromkeys(line for line in written if line)) or None


def lines(order: Order) -> list[LineItem]:
    """The rows in the order's own sequence; a row's id is the key it stands under."""
    rows = sorted(order.orderRows.items(), key=lambda item: (_sequence(item[1]) or 0, item[0]))
    return [_line(row_id, row, order) for row_id, row in rows]


def _sequence(row: OrderRow) -> int | None:
    return int(row.orderRowSequence) if row.orderRowSequence and row.orderRowSequence.isdigit() else None


def _line(row_id: str, row: OrderRow, order: Order) -> LineItem:
    value = row.rowValue or RowValue()
    net = value.rowNet or Money()
    # On purchases the product's price is usually 0.0000 and the cost carries what one costs.
    price = (row.itemCost if order.orderTypeCode in ("PO", "PC") else row.productPrice) or Money()
    product = str(row.productId) if row.productId and row.productId != FREE_TEXT_PRODUCT else None
    return LineItem(
        id=row_id,
        sequence=_sequence(row),
        item=product,
        sku=row.productSku or None,
        name=row.productName or None,
        description=_options(row),
        account=row.nominalCode or None,
        quantity=exact((row.quantity or Quantity()).magnitude),
        unit_price=exact(price.value),
        discount_rate=exact(row.discountPercentage),
        net_amount=exact(net.value),
        tax_amount=exact((value.rowTax or Money()).value),
        total_line_amount=exact(net.value),
        tax_rate=str(value.taxClassId) if value.taxClassId else None,
        tax_code=value.taxCode or None,
        tax_percentage=exact(value.taxRate),
        type=_type(row.composition or Composition(), product),
        currency=net.currencyCode,
    )


def _options(row: OrderRow) -> str | None:
    """The chosen options of a product, such as `Size: M`."""
    return ", ".join(f"{name}: {value}" for name, value in (row.productOptions or {}).items()) or None


def _type(composition: Composition, product: str | None) -> LineType:
    if composition.bundleParent:
        return "bundle"
    if composition.bundleChild:
        return "component"
    return "item" if product else "text"


def tracking(assigned: Assigned) -> list[TrackingCategoryReference]:
    """Channel, project and lead source; 0 says none."""
    pairs = (
        ("channel", assigned.channelId or assigned.departmentId),
        ("project", assigned.projectId),
        ("lead_source", assigned.leadSourceId),
    )
    return [TrackingCategoryReference(id=f"{kind}:{number}") for kind, number in pairs if number]
