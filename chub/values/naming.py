"""The one rule that leads from a Python name to a wire name; it holds for every event type and every context."""

from functools import cache


@cache
def camel_case(name: str) -> str:
    """Turn `snake_case` into the hub's `camelCase`.

    >>> camel_case("page_categories"), camel_case("sku")
    ('pageCategories', 'sku')
    """
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def type_name(class_name: str) -> str:
    """Give the event type that a class of this name stands for.

    >>> type_name("CompletedOrder")
    'completedOrder'
    """
    return class_name[:1].lower() + class_name[1:]
