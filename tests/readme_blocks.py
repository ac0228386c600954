"""The README's code, found by its fences; `python tests/readme_blocks.py FILE` writes the pipeline to FILE."""

import re
import sys
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


# The one exception is in the types of returns, whose `bind` pyright knows in part only.
STRICT = "# pyright: strict, reportUnknownMemberType=false\n"


def blocks(language: str) -> list[str]:
    """Give the blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def cells() -> list[tuple[str, str]]:
    """Give the cells of the notebook's chapter, in order, each with what is shown below it."""
    found = re.findall(
        r"^```python cell\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?",
        README.read_text(encoding="utf-8"),
        re.DOTALL | re.MULTILINE,
    )
    return [(code, shown) for code, shown in found]


def pipeline() -> str:
    """Give the block that both type checkers check."""
    return next(block for block in blocks("python") if block.startswith("# pipeline\n"))


def files_of_tests() -> dict[str, str]:
    """Give the blocks that are files of tests, by the names that their first lines tell."""
    files = (re.match(r"# (test_\w+\.py)\n", block) for block in blocks("python"))
    return {found[1]: found.string for found in files if found}


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(STRICT + pipeline(), encoding="utf-8")
