"""What tests of recordings share: a file, and a config whose exchanges are kept there."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import chub
from chub.testing import playback, record

Rows = list[dict[str, Any]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "shop.ndjson"


@pytest.fixture
def recorded(path: Path) -> Callable[..., chub.Config]:
    """Give a config that keeps its exchanges; the transport may be another than the config's own."""

    def recorded(config: chub.Config, ids: bool = True, **more: Any) -> chub.Config:
        config = attrs.evolve(config, **more)
        return attrs.evolve(config, transport=record(config, path, ids=ids))

    return recorded


@pytest.fixture
def played(path: Path) -> Callable[..., chub.Config]:
    return lambda config: attrs.evolve(config, transport=playback(path))


@pytest.fixture
def rows(path: Path) -> Callable[[], Rows]:
    """Read what the file holds."""
    return lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


@pytest.fixture
def kept(path: Path) -> Callable[..., Path]:
    """Write a file by hand, a line for each row; one that is text goes in as it is."""

    def kept(*lines: Any) -> Path:
        texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
        path.write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return path

    return kept
