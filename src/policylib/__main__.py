"""``python -m policylib``."""

import sys

from policylib.cli import main

if __name__ == "__main__":
    sys.exit(main())
