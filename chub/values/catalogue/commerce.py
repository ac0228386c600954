"""Commerce: carts and orders, with the products and amounts in them.

Money is in major units (12.5 is twelve euro and a half) of one currency: the workspace's, unless `local` names another.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties
from chub.values.catalogue.shapes import Money, Product
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
class LocalCurrency(WireValue):
    """The currency that the customer paid in; `exchange_rate` is its units for one unit of the workspace's currency."""

    currency: Currency | None = None
    exchange_rate: float | None = None


@frozen(kw_only=True, repr=False)
class OrderAmount(WireValue):
    """The amounts of an order: `total` is what the customer pays, `revenue` what is left to the shop."""

    total: Money | None = None
    revenue: Money | None = None
    shipping: Money | None = None
    tax: Money | None = None
    discount: Money | None = None
    local: LocalCurrency | None = None


@frozen(kw_only=True, repr=False)
class OrderProduct(Product):
    """A line of an order or of a cart: a product, how many of it and at which price.

    `quantity` counts the items; `subtotal`, `discount` and `tax` are of the whole line.
    """

    type: OrderLineType | str | None = None
    order_line_id: int | None = None
    quantity: float | None = None
    subtotal: Money | None = None
    discount: Money | None = None
    tax: Money | None = None
    coupon: str | None = None
    extended: Mapping[str, Any] | None = None


@frozen(kw_only=True, repr=False)
class AddedProduct(Product, EventProperties):
    """A customer put a product into the cart.

    `quantity` counts the items put there.

    >>> AddedProduct(sku="w-1", quantity=2)
    AddedProduct(sku='w-1', quantity=2)
    """

    quantity: float | None = None


@frozen(kw_only=True, repr=False)
class RemovedProduct(Product, EventProperties):
    """A customer took a product out of the cart.

    `quantity` counts the items taken out.

    >>> RemovedProduct(sku="w-1", quantity=1)
    RemovedProduct(sku='w-1', quantity=1)
    """

    quantity: float | None = None


@frozen(kw_only=True, repr=False)
class AbandonedCart(EventProperties):
    """A customer left a cart behind without ordering.

    `abandoned_cart_url` leads back to the cart, `order_id` is the order that it would have become.

    >>> AbandonedCart(order_id="o-1", products=[OrderProduct(sku="w-1", quantity=2)])
    AbandonedCart(order_id='o-1', products=(OrderProduct(sku='w-1', quantity=2),))
    """

    order_id: str | None = None
    abandoned_cart_url: str | None = None
    store_code: str | None = None
    amount: OrderAmount | None = None
    products: Sequence[OrderProduct] | None = None


@frozen(kw_only=True, repr=False)
class AbandonedSession(EventProperties):
    """A visitor left the shop after looking at products, without a cart.

    `abandoned_session_url` leads back to where the visit ended.

    >>> AbandonedSession(products=[Product(sku="w-1")])
    AbandonedSession(products=(Product(sku='w-1'),))
    """

    abandoned_session_url: str | None = None
    products: Sequence[Product] | None = None


@frozen(kw_only=True, repr=False)
class CompletedOrder(EventProperties):
    """A customer completed an order, or gave goods back.

    `store_code` is the shop's own code of the store where it was made.

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


@frozen(kw_only=True, repr=False)
class OrderShipped(EventProperties):
    """An order, or a part of it, left for the customer.

    `type` is any text, unlike an order's; `packages` counts the parcels; the hub sets no unit for `weight`.

    >>> OrderShipped(order_id="o-1", carrier="Posta", packages=2)
    OrderShipped(order_id='o-1', carrier='Posta', packages=2)
    """

    order_id: str | None = None
    type: str | None = None
    carrier: str | None = None
    tracking_code: str | None = None
    tracking_url: str | None = None
    weight: float | None = None
    packages: int | None = None
