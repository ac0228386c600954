"""Accounts: customers who log in and out, and change their settings."""

from attrs import frozen

from chub.values.catalogue.properties import EventProperties
from chub.values.enums import WireEnum


class AccountSetting(WireEnum):
    """What a customer can change in his account."""

    LANGUAGE = "LANGUAGE"
    TIMEZONE = "TIMEZONE"
    CURRENCY = "CURRENCY"
    EMAIL = "EMAIL"
    PASSWORD = "PASSWORD"  # noqa: S105  # a setting's name
    USERNAME = "USERNAME"
    OTHER = "OTHER"


@frozen(kw_only=True, repr=False)
class LoggedIn(EventProperties):
    """A customer logged in.

    >>> LoggedIn(extra_properties={"device": "kiosk"})
    LoggedIn(extra_properties=FrozenDict({'device': 'kiosk'}))
    """


@frozen(kw_only=True, repr=False)
class LoggedOut(EventProperties):
    """A customer logged out.

    >>> LoggedOut()
    LoggedOut()
    """


@frozen(kw_only=True, repr=False)
class ChangedSetting(EventProperties):
    """A customer changed a setting of his account.

    Both values are stored as they are given: leave them out where the setting is a secret, such as the password.

    >>> ChangedSetting(setting="LANGUAGE", old_value="it", new_value="en")
    ChangedSetting(setting=AccountSetting.LANGUAGE, old_value='it', new_value='en')
    """

    setting: AccountSetting | str | None = None
    old_value: str | None = None
    new_value: str | None = None
