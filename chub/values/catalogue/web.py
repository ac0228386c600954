"""The web: what a visitor does on a site."""

from collections.abc import Sequence

from attrs import frozen

from chub.values.catalogue.properties import EventProperties


@frozen(kw_only=True, repr=False)
class ViewedPage(EventProperties):
    """A visitor viewed a page.

    `search` is the query string of the URL, `referer` the page he came from (in HTTP's spelling, as on the wire).

    >>> ViewedPage(title="Home", url="https://www.example.com/", page_tags=["landing"])
    ViewedPage(title='Home', url='https://www.example.com/', page_tags=('landing',))
    """

    path: str | None = None
    referer: str | None = None
    search: str | None = None
    title: str | None = None
    url: str | None = None
    page_categories: Sequence[str] | None = None
    page_tags: Sequence[str] | None = None
