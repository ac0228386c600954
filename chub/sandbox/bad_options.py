"""What is raised inside the sandbox where its user gave something wrong; it is a ValueError, and knows no client."""

from collections.abc import Iterable


class BadOptions(ValueError):
    """The arguments are wrong; `problems` tells of each one where and what."""

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{name}: {message}" for name, message in self.problems))
