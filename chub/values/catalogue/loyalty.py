"""Loyalty: rewards that a customer gains and spends, and coupons."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties
from chub.values.catalogue.shapes import MoneyFromZero
from chub.values.schema import Range, Unit


@frozen(kw_only=True, repr=False)
class Reward(WireValue):
    """What a customer gains or loses in a loyalty programme.

    `reward_amount` is how much of it, `reward_type_id` the programme's own key of its kind, `reward_type` that kind's
    name.
    """

    reward_amount: Annotated[float, Range(0), Unit("points, or what the reward type counts")]
    reward_type_id: str
    reward_type: str | None = None
    reward_description: str | None = None


@frozen(kw_only=True, repr=False)
class AddedReward(Reward, EventProperties):
    """A customer was given a reward.

    >>> AddedReward(reward_amount=50, reward_type_id="points")
    AddedReward(reward_amount=50, reward_type_id='points')
    """


@frozen(kw_only=True, repr=False)
class RemovedReward(Reward, EventProperties):
    """A customer spent or lost a reward.

    The amount taken away is given as a positive number.

    >>> RemovedReward(reward_amount=50, reward_type_id="points")
    RemovedReward(reward_amount=50, reward_type_id='points')
    """


@frozen(kw_only=True, repr=False)
class CouponDelivery(WireValue):
    """The way by which a coupon reaches the customer.

    >>> CouponDelivery(id="mail", name="Newsletter")
    CouponDelivery(id='mail', name='Newsletter')
    """

    id: str
    name: str | None = None
    description: str | None = None


@frozen(kw_only=True, repr=False)
class GrantedCoupon(EventProperties):
    """A customer was granted a coupon.

    `total_amount` is what it is worth, `redeemed_amount` what has been used of that, `remaining_amount` what is left.
    It is valid from `start_validity_date`.  The hub has both `redeem_date` and `redemption_date` and doesn't tell
    them apart: fill the one that your workspace reads.

    >>> from datetime import UTC
    >>> GrantedCoupon(code="SPRING", total_amount=20, start_validity_date=datetime(2026, 3, 1, tzinfo=UTC)).total_amount
    20
    """

    code: str | None = None
    type: str | None = None
    status: str | None = None
    category: Sequence[str] | None = None
    total_amount: MoneyFromZero
    redeemed_amount: MoneyFromZero | None = None
    remaining_amount: MoneyFromZero | None = None
    start_validity_date: datetime
    redeem_date: datetime | None = None
    redemption_date: datetime | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None
    campaign_description: str | None = None
    delivery_channel: CouponDelivery | None = None
    delivery_medium: CouponDelivery | None = None
