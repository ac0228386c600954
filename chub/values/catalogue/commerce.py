"""Commerce: carts and orders, with the products and amounts in them.

Money is in major units (12.5 is twelve euro and a half) of one currency: the workspace's, unless `local` names another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties
from chub.values.currencies import Currency
from chub.values.enums import WireEnum


class OrderType(WireEnum):
    """What an order is: a sale, a return of goods, or both in one."""

    SALE = "sale"
    RETURN = "return"
    SALE_RETURN = "sale-return"


class OrderLineType(WireEnum):
    """What a line of an order is."""

    SALE = "sale"
    RETURN = "return"


class PaymentMethod(WireEnum):
    """How an order was paid."""

    CASH = "cash"
    CREDITCARD = "creditcard"
    DEBITCARD = "debitcard"
    PAYPAL = "paypal"
    OTHER = "other"


@frozen(kw_only=True, repr=False)
class Classification(WireValue):
    """A key and a value by which a shop sorts its products (`key="season"`, `value="summer"`)."""

    key: str
    value: str


@frozen(kw_only=True, repr=False)
class LocalCurrency(WireValue):
    """The currency that the customer paid in; `exchange_rate` is its units for one unit of the workspace's currency."""

    currency: Currency | None = None
    exchange_rate: float | None = None


@frozen(kw_only=True, repr=False)
class OrderAmount(WireValue):
    """The amounts of an order: `total` is what the customer pays, `revenue` what is left to the shop."""

    total: float | None = None
    revenue: float | None = None
    shipping: float | None = None
    tax: float | None = None
    discount: float | None = None
    local: LocalCurrency | None = None


@frozen(kw_only=True, repr=False)
class OrderProduct(WireValue):
    """A line of an order: a product, how many of it and at which price.

    `quantity` counts what was ordered; `item_quantity` is what one item holds, in `unit_of_measure`.
    """

    id: str | None = None
    sku: str | None = None
    name: str | None = None
    type: OrderLineType | str | None = None
    order_line_id: int | None = None
    category: Sequence[str] | None = None
    classifications: Sequence[Classification] | None = None
    vendor: str | None = None
    short_description: str | None = None
    link_url: str | None = None
    image_url: str | None = None
    price: float | None = None
    quantity: float | None = None
    subtotal: float | None = None
    discount: float | None = None
    tax: float | None = None
    coupon: str | None = None
    weight: float | None = None
    item_quantity: float | None = None
    unit_of_measure: str | None = None
    extended: Mapping[str, Any] | None = None


@frozen(kw_only=True, repr=False)
class CompletedOrder(EventProperties):
    """A customer completed an order, or gave goods back.

    >>> CompletedOrder(order_id="o-1", amount=OrderAmount(total=12.5), payment_method="paypal")
    CompletedOrder(order_id='o-1', payment_method=PaymentMethod.PAYPAL, amount=OrderAmount(total=12.5))
    """

    order_id: str | None = None
    type: OrderType | str | None = None
    store_code: str | None = None
    payment_method: PaymentMethod | str | None = None
    shipping_method: str | None = None
    amount: OrderAmount | None = None
    products: Sequence[OrderProduct] | None = None
