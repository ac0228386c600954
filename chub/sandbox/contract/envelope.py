"""What stands around an event's properties, each context's info, and the bodies of customers and sessions."""

from typing import Final

_PERSON: Final = "id! firstName:text? lastName:text?"
_REACH: Final = "email:text? mobilePhone:text? phone:text?"
_EVERYWHERE: Final = "client:client user:user"

SHAPES: Final = {
    "mode": "= ACTIVE PASSIVE",
    "context": "= CONTACT_CENTER WEB MOBILE ECOMMERCE RETAIL IOT SOCIAL DIGITAL_CAMPAIGN OTHER",
    "bringBackKind": "= SESSION_ID EXTERNAL_ID",
    "bringBack": "type!:bringBackKind value!:text+ nodeId!:text+",
    "utm": "utm_source utm_medium utm_term utm_content utm_campaign",
    "tracking": "ga:utm",
    # A client's position may lack a coordinate, a store's may not.
    "roughPoint": "lat:num>=-90<=90 lon:num>=-180<=180",
    "localization": "city country region province zip geo:roughPoint",
    "client": "userAgent:text? ip:ipv4 localization:localization?",
    "openReach": f"{_REACH} ...",
    "reach": _REACH,
    "user": f"{_PERSON} externalId:text? username:text? contacts:openReach? ...",
    "salesAssistant": f"{_PERSON} contacts:reach?",
    "device": "bundleIdentifier versionNumber buildNumber identifierForVendor systemVersion model deviceVendor locale"
    " language",
    "storeKind": "= AIRPORT ECOMMERCE FLAGSHIP FREE-STANDING MALL OUTLET RESORT SIS WAREHOUSE NOT-DEFINED",
    "store": "id name type:storeKind street city country province region zip geo:point website",
    "tags": "auto:[text] manual:[text]",
}

CONTEXT_INFO: Final = {
    "CONTACT_CENTER": _EVERYWHERE,
    "WEB": _EVERYWHERE,
    "MOBILE": f"{_EVERYWHERE} device:device",
    "ECOMMERCE": f"{_EVERYWHERE} store:store",
    "RETAIL": f"{_EVERYWHERE} store:store salesAssistant:salesAssistant?",
    "IOT": _EVERYWHERE,
    "SOCIAL": _EVERYWHERE,
    "DIGITAL_CAMPAIGN": _EVERYWHERE,
    "OTHER": _EVERYWHERE,
}

BODIES: Final = {
    "POST_EVENT": "type! context!:context properties!:object customerId:line bringBackProperties:bringBack? date:time"
    " contextInfo:object tracking:tracking? mode:mode",
    # A PUT brings back what a GET gave, so that what a GET gives as null may be null.
    "PUT_EVENT": "id! type! context!:context properties!:object registeredAt!:time updatedAt!:time customerId:line?"
    " bringBackProperties:bringBack? date:time contextInfo:object? tracking:tracking? mode:mode",
    "CUSTOMER": "nodeId!:text+ externalId:text+? base:object? consents:object? extended:object? extra:text? tags:tags?"
    " enabled:bool",
    "SESSION": "value!:text+ ...",
}

# What the hub gives of every customer, set or not; `[]` marks an array.
CUSTOMER_ITSELF: Final = "id nodeId externalId base consents extended extra tags enabled"
CUSTOMER_BASE: Final = (
    "pictureUrl title prefix firstName lastName middleName gender dob locale timezone contacts address credential"
    " socialProfile educations[] likes[] jobs[] subscriptions[]"
)
CUSTOMER_CONTACTS: Final = "email fax mobilePhone phone otherContacts[] mobileDevices[]"
CUSTOMER_TAGS: Final = "auto[] manual[]"
