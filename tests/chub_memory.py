"""How much memory a piece of work holds at most."""

import tracemalloc
from collections.abc import Callable

MEBIBYTE = 2**20


def peak_of(run: Callable[[int], object], size: int) -> int:
    """Give the bytes that work of this size holds at most at any one time.

    What is imported and compiled once doesn't count: a little work is done before.
    """
    run(10)
    tracemalloc.start()
    try:
        run(size)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
