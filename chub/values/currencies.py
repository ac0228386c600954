"""The currencies that ContactHub lists; some, such as EEK, have been withdrawn since, and events still bear them."""

from typing import Annotated

from chub.values.schema import OneOf

CURRENCIES = frozenset(
    """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYR BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EEK EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP
    GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD
    KYD KZT LAK LBP LKR LRD LSL LTL LVL LYD MAD MDL MGA MKD MMK MNT MOP MRO MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP
    SKK SLL SOS SRD STD SYP SZL THB TJS TMM TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VEB VND VUV WST
    XAF XAG XAU XOF XPD XPF XPT YER ZAR ZMK ZWD
    """.split()  # noqa: SIM905  (a literal list would be as long as a page)
)
"""ISO 4217 codes."""

Currency = Annotated[str, OneOf(CURRENCIES, "the ISO 4217 codes that ContactHub lists (chub.CURRENCIES)")]
