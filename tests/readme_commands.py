"""The README's set-up commands: `python tests/readme_commands.py 1` prints the first, `2` the second."""

import sys

from readme_blocks import blocks

if __name__ == "__main__":
    print(blocks("sh")[int(sys.argv[1]) - 1].strip())
