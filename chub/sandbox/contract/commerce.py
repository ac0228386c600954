"""Event types of shops: products looked at, baskets, orders, rewards and coupons."""

from typing import Final

# The currencies that an amount may be in: ISO 4217 as it stood when the hub was made, precious metals included.
CURRENCIES: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYR BZD CAD CDF CHF CLP
    CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG
    HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL
    MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
    RUB RWF SAR SBD SCR SDG SEK SGD SHP SKK SLL SOS SRD STD SYP SZL THB TJS TMM TND TOP TRY TTD TWD TZS UAH UGX USD UYU
    UZS VEB VND VUV WST XAF XAG XAU XOF XPD XPF XPT YER ZAR ZMK ZWD
"""

_NAMED: Final = (
    "id sku name price:num category:[text] shortDescription classifications:[classification] imageUrl linkUrl"
)
PRODUCT: Final = f"{_NAMED} vendor:text? weight:num? itemQuantity:num?"
_MEASURED: Final = f"{PRODUCT} unitOfMeasure:text?"
_REWARD: Final = "rewardAmount!:num>=0 rewardTypeId!:text rewardType rewardDescription"

SHAPES: Final = {
    "classification": "key! value!",
    "currency": f"={CURRENCIES}",
    "soldAs": "= sale return",
    "orderKind": "= sale return sale-return",
    "payment": "= cash creditcard debitcard paypal other",
    "local": "currency:currency exchangeRate:num",
    "amount": "total:num revenue:num shipping:num tax:num discount:num local:local",
    "seenProduct": _MEASURED,
    "orderLine": f"{_MEASURED} orderLineId:int type:soldAs quantity:num subtotal:num discount:num tax:num coupon"
    " extended:object?",
    "channelOfDelivery": "id! name description",
}

TYPES: Final = {
    "abandonedCart": "orderId abandonedCartUrl storeCode amount:amount products:[orderLine]",
    "abandonedSession": "abandonedSessionUrl products:[seenProduct]",
    "addedCompare": PRODUCT,
    "removedCompare": PRODUCT,
    "addedProduct": f"{_MEASURED} quantity:num",
    "removedProduct": f"{_MEASURED} quantity:num",
    "addedReward": _REWARD,
    "removedReward": _REWARD,
    "addedWishlist": PRODUCT,
    "removedWishlist": PRODUCT,
    "completedOrder": "orderId type:orderKind storeCode paymentMethod:payment shippingMethod amount:amount"
    " products:[orderLine]",
    "grantedCoupon": "code redeemDate:time startValidityDate!:time redemptionDate:time campaignId campaignName"
    " campaignDescription status type redeemedAmount:num>=0 totalAmount!:num>=0 remainingAmount:num>=0"
    " deliveryChannel:channelOfDelivery deliveryMedium:channelOfDelivery category:[text]",
    "orderShipped": "orderId type carrier trackingCode trackingUrl weight:num packages:int",
    "reviewedProduct": f"{_NAMED} rating",
    "viewedProduct": PRODUCT,
    "viewedProductCategory": "category",
}

PASSIVE: Final = frozenset({"addedReward", "removedReward", "grantedCoupon", "orderShipped"})
