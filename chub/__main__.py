"""`python -m chub`."""

import sys

from chub.cli import main

if __name__ == "__main__":
    sys.exit(main())
