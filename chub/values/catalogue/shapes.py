"""Shapes that stand in event types of several rooms: products, how they are classified, and money.

They are no event types themselves: a type takes a shape as a base beside `EventProperties`, or nests it.
"""

from collections.abc import Sequence
from typing import Annotated

from attrs import frozen

from chub.values.base import WireValue
from chub.values.schema import Range, Unit

Money = Annotated[float, Unit("major currency units")]
"""An amount of money, 12.5 being twelve euro and a half; in the workspace's currency where no other is named."""

MoneyFromZero = Annotated[Money, Range(0)]
"""An amount of money that the hub refuses below 0."""


@frozen(kw_only=True, repr=False)
class Classification(WireValue):
    """A key and a value by which a shop sorts its products.

    >>> Classification(key="season", value="summer")
    Classification(key='season', value='summer')
    """

    key: str
    value: str


@frozen(kw_only=True, repr=False)
class NamedProduct(WireValue):
    """A product, as far as every event of one tells.

    `id` and `sku` are the shop's own keys of the product, `category` the path of categories that leads to it; `price`
    is for one item.
    """

    id: str | None = None
    sku: str | None = None
    name: str | None = None
    category: Sequence[str] | None = None
    classifications: Sequence[Classification] | None = None
    short_description: str | None = None
    link_url: str | None = None
    image_url: str | None = None
    price: Money | None = None


@frozen(kw_only=True, repr=False)
class PackagedProduct(NamedProduct):
    """A product with its vendor and its package.

    `item_quantity` is how much one item holds (0.75, of a bottle in litres), `weight` what it weighs, in a unit of the
    shop's choice.
    """

    vendor: str | None = None
    weight: float | None = None
    item_quantity: float | None = None


@frozen(kw_only=True, repr=False)
class Product(PackagedProduct):
    """A product whose package has a unit.

    `unit_of_measure` is what `item_quantity` counts.

    >>> Product(sku="w-1", price=9.5, item_quantity=0.75, unit_of_measure="l")
    Product(sku='w-1', price=9.5, item_quantity=0.75, unit_of_measure='l')
    """

    unit_of_measure: str | None = None
