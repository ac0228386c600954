"""`describe` tells all that a class takes, as text and as HTML."""

import re
from html.parser import HTMLParser
from typing import Annotated

import pytest
from attrs import frozen

import chub
from chub.values.base import WireValue
from chub.values.catalogue import properties_class
from chub.values.schema import Ipv4, NotEmpty, Range, field_specs

ORDER = """\
event type completedOrder

CompletedOrder
A customer completed an order, or gave goods back.
`store_code` is the shop's own code of the store where it was made.
`extra_properties` is any further object of the sender's, `extended` the object that a workspace
configures.

  field             on the wire      type                  required  values
  order_id          orderId          str
  type              type             OrderType                       'sale', 'return', 'sale-return'
  store_code        storeCode        str
  payment_method    paymentMethod    PaymentMethod                   'cash', 'creditcard', 'debitcard', 'paypal',
                                                                     'other'
  shipping_method   shippingMethod   str
  amount            amount           OrderAmount
  products          products         list of OrderProduct
  extra_properties  extraProperties  mapping                         any JSON object
  extended          extended         mapping                         any JSON object

OrderAmount
The amounts of an order: `total` is what the customer pays, `revenue` what is left to the shop.

  field     on the wire  type           required  values
  total     total        float                    major currency units
"""


class Cells(HTMLParser):
    """Collects a page's tags, and the texts of its cells, row by row."""

    def __init__(self, page):
        super().__init__()
        self.rows, self.open, self.unmatched = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        if self.open.pop() != tag:
            self.unmatched.append(tag)

    def handle_data(self, data):
        if {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def test_the_text_of_an_order_begins_as_this():
    assert ORDER == str(chub.describe(chub.CompletedOrder))[: len(ORDER)]


def test_a_name_and_a_class_are_described_alike():
    assert chub.describe(chub.CompletedOrder) == chub.describe("completedOrder")
    assert chub.describe(chub.CompletedOrder) == chub.describe(chub.EventType.COMPLETED_ORDER)


def test_the_text_of_what_is_no_type():
    expected = """\
Geo
A place on Earth, in degrees.

  field  on the wire  type   required  values
  lat    lat          float  yes       -90 to 90
  lon    lon          float  yes       -180 to 180

Keys that stand in no table go into `unlisted`, at every level."""
    assert expected == str(chub.describe(chub.Geo))


def test_bounds_units_and_zones_are_told():
    rows = {row.name: row for row in chub.describe("grantedCoupon").sections[0].rows}
    assert ("float", True, "major currency units, at least 0") == told(rows["total_amount"])
    assert ("datetime", True, "with a zone; kept in UTC") == told(rows["start_validity_date"])
    assert ("list of str", False, "") == told(rows["category"])
    assert ("CouponDelivery", False, "") == told(rows["delivery_channel"])


def told(row):
    return row.type, row.required, row.values


@frozen(kw_only=True, repr=False)
class Odd(WireValue):
    """Less than 1 < 2 & `a` "quoted" <script>."""

    name: Annotated[str, NotEmpty()]
    is_odd: bool | None = None
    share: Annotated[float, Range(maximum=0.5)] | None = None
    address: Annotated[str, Ipv4()] | None = None


def test_every_kind_of_field_is_told():
    expected = [
        ("str", True, "not empty"),
        ("bool", False, ""),
        ("float", False, "at most 0.5"),
        ("str", False, "an IPv4 address"),
    ]
    assert expected == [told(row) for row in chub.describe(Odd).sections[0].rows]


@pytest.mark.parametrize("cls", [chub.Client, chub.ContextInfo, chub.Tracking, chub.EventProperties])
def test_any_class_with_wire_names_is_described(cls):
    names = [spec.wire_name for spec in field_specs(cls)]
    assert names == [row.wire_name for row in chub.describe(cls).sections[0].rows]


@pytest.mark.parametrize("event_type", chub.event_types())
def test_every_field_of_a_type_is_told_its_own_before_the_shared(event_type):
    rows = chub.describe(event_type).sections[0].rows
    specs = field_specs(properties_class(event_type))
    assert {(spec.name, spec.wire_name, spec.required) for spec in specs} == {
        (row.name, row.wire_name, row.required) for row in rows
    }
    assert ["extra_properties", "extended"] == [row.name for row in rows][-2:]


@pytest.mark.parametrize("event_type", chub.event_types())
def test_each_class_is_told_once(event_type):
    names = [section.name for section in chub.describe(event_type).sections]
    assert sorted(set(names)) == sorted(names)
    assert properties_class(event_type).__name__ == names[0]


@pytest.mark.parametrize("event_type", chub.event_types())
def test_the_html_says_what_the_text_says(event_type):
    described = chub.describe(event_type)
    cells = Cells(described._repr_html_())
    expected = [list(row.cells) for section in described.sections for row in section.rows]
    assert expected == [row for row in cells.rows if row[0] != "field"]
    assert [] == cells.open == cells.unmatched


def test_the_html_is_escaped_and_sets_no_colour():
    page = chub.describe(Odd)._repr_html_()
    assert "<p>Less than 1 &lt; 2 &amp; <code>a</code> &quot;quoted&quot; &lt;script&gt;.</p>" in page
    assert "<script" not in page
    assert not re.search(r"color|background|#[0-9a-f]{3}", chub.describe("campaignSent")._repr_html_())


def test_the_text_is_not_wider_than_a_terminal_window_can_be():
    for event_type in chub.event_types():
        assert max(map(len, str(chub.describe(event_type)).splitlines())) <= 120


def test_the_repr_is_short():
    assert "<description of ViewedPage; print it to read it>" == repr(chub.describe("viewedPage"))


@pytest.mark.parametrize(
    "what", ["sawUnicorn", "", None, 7, chub.Custom, chub.Context, str, chub.ViewedPage(title="x")]
)
def test_anything_else_is_refused(what):
    with pytest.raises(chub.InvalidValue, match=r"or a known event type .*, is needed, not "):
        chub.describe(what)
