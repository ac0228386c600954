"""Products: what a customer looks at, compares, wishes for and reviews; carts and orders are in `commerce`."""

from attrs import frozen

from chub.values.catalogue.properties import EventProperties
from chub.values.catalogue.shapes import NamedProduct, PackagedProduct


@frozen(kw_only=True, repr=False)
class ViewedProduct(PackagedProduct, EventProperties):
    """A customer looked at a product.

    >>> ViewedProduct(sku="w-1", price=9.5)
    ViewedProduct(sku='w-1', price=9.5)
    """


@frozen(kw_only=True, repr=False)
class ViewedProductCategory(EventProperties):
    """A customer looked at a category of products.

    `category` is one text here, where a product has a list.

    >>> ViewedProductCategory(category="wines")
    ViewedProductCategory(category='wines')
    """

    category: str | None = None


@frozen(kw_only=True, repr=False)
class AddedCompare(PackagedProduct, EventProperties):
    """A customer put a product into a comparison.

    >>> AddedCompare(sku="w-1")
    AddedCompare(sku='w-1')
    """


@frozen(kw_only=True, repr=False)
class RemovedCompare(PackagedProduct, EventProperties):
    """A customer took a product out of a comparison.

    >>> RemovedCompare(sku="w-1")
    RemovedCompare(sku='w-1')
    """


@frozen(kw_only=True, repr=False)
class AddedWishlist(PackagedProduct, EventProperties):
    """A customer put a product on the wish list.

    >>> AddedWishlist(sku="w-1")
    AddedWishlist(sku='w-1')
    """


@frozen(kw_only=True, repr=False)
class RemovedWishlist(PackagedProduct, EventProperties):
    """A customer took a product off the wish list.

    >>> RemovedWishlist(sku="w-1")
    RemovedWishlist(sku='w-1')
    """


@frozen(kw_only=True, repr=False)
class ReviewedProduct(NamedProduct, EventProperties):
    """A customer rated a product.

    `rating` is a text, on the shop's own scale.

    >>> ReviewedProduct(sku="w-1", rating="4/5")
    ReviewedProduct(sku='w-1', rating='4/5')
    """

    rating: str | None = None
