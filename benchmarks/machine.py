"""What the figures were taken with: the machine, Python, the versions, the date."""

import os
import platform
import resource
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, TypeVar

A = TypeVar("A")

HOW_TO_INSTALL = "pip install 'contacthub-chub[bench]'"

PACKAGES = (
    *("contacthub-chub", "attrs", "cattrs", "returns", "urllib3", "orjson", "requests", "httpx", "aiohttp", "pydantic"),
    *("msgspec", "contacthub-sdk-python", "segment-analytics-python", "pandas", "pyarrow"),
)

_PEERS = (
    "aiohttp",
    "certifi",
    "contacthub",
    "httpx",
    "msgspec",
    "orjson",
    "pydantic",
    "requests",
    "segment",
    "trustme",
)
"""The modules of the extra `bench`: a row that one of them is needed for says so where it is missing."""


def installed(make: Callable[[], A]) -> A | None:
    """Make what needs a peer; None where the peer isn't installed."""
    try:
        return make()
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _PEERS:
            raise
        return None


def facts() -> dict[str, Any]:
    """Tell the machine, how loaded it was, Python, the versions of all packages that matter, and the date."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        "load": round(os.getloadavg()[0], 2),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "versions": {name: _version(name) for name in PACKAGES},
    }


def _processor() -> str:
    """Name the processor; Linux tells it in a file alone."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.processor() or platform.machine()


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def peak_memory() -> float:
    """Give the most memory that this process has had, in MB."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    # On Linux `ru_maxrss` begins with that of the program that started this one.
    return int(status.read_text(encoding="ascii", errors="replace").partition("VmHWM:")[2].split()[0]) / 1024
