"""The web: what a visitor does on a site."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from chub.values.base import WireValue
from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class WebAddress(WireValue):
    """A page on the web, and how the visitor got to it.

    `search` is the query string of the URL, `referer` the page he came from (in HTTP's spelling, as on the wire).
    """

    url: str | None = None
    path: str | None = None
    search: str | None = None
    referer: str | None = None
    title: str | None = None


@frozen(kw_only=True, repr=False)
class ViewedPage(WebAddress, EventProperties):
    """A visitor viewed a page.

    >>> ViewedPage(title="Home", url="https://www.example.com/", page_tags=["landing"])
    ViewedPage(url='https://www.example.com/', title='Home', page_tags=('landing',))
    """

    page_categories: Sequence[str] | None = None
    page_tags: Sequence[str] | None = None


@frozen(kw_only=True, repr=False)
class ClickedLink(WebAddress, EventProperties):
    """A visitor followed a link of a site.

    A link of a campaign's message makes a `CampaignLinkClicked`.

    >>> ClickedLink(url="https://www.example.com/offers", link_tags=["banner"])
    ClickedLink(url='https://www.example.com/offers', link_tags=('banner',))
    """

    link_tags: Sequence[str] | None = None


@frozen(kw_only=True, repr=False)
class Searched(EventProperties):
    """A visitor searched a site.

    `result_count` is how many results he was shown.

    >>> Searched(keyword="red wine", result_count=12)
    Searched(keyword='red wine', result_count=12)
    """

    keyword: str | None = None
    result_count: int | None = None


@frozen(kw_only=True, repr=False)
class FormCompiled(EventProperties):
    """A visitor filled in a form and sent it.

    `data` holds what he wrote, by the form's own names.

    >>> FormCompiled(form_id="contact", data={"topic": "delivery"})
    FormCompiled(form_id='contact', data=FrozenDict({'topic': 'delivery'}))
    """

    form_id: str | None = None
    form_name: str | None = None
    data: Mapping[str, Any] | None = None
