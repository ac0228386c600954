"""Event types of all else that customers do: pages, forms, logins, tickets, services, and the two generic ones."""

from typing import Final

_PAGE: Final = "path referer search title url"
_TICKET: Final = "ticketId category:[text] subject text"
_SERVICE: Final = "subscriberId serviceId serviceName serviceType startDate:time endDate:time"

SHAPES: Final = {
    "setting": "= LANGUAGE TIMEZONE CURRENCY EMAIL PASSWORD USERNAME OTHER",
}

TYPES: Final = {
    "changedSetting": "setting:setting oldValue newValue",
    "clickedLink": f"{_PAGE} linkTags:[text]",
    "closedTicket": _TICKET,
    "formCompiled": "formName formId data:object",
    "genericActiveEvent": "name",
    "genericPassiveEvent": "name",
    "loggedIn": "",
    "loggedOut": "",
    "openedTicket": _TICKET,
    "repliedTicket": _TICKET,
    "searched": "keyword resultCount:int",
    "serviceSubscribed": _SERVICE,
    "serviceUnsubscribed": _SERVICE,
    "viewedPage": f"{_PAGE} pageCategories:[text] pageTags:[text]",
}

PASSIVE: Final = frozenset({"genericPassiveEvent", "repliedTicket"})
