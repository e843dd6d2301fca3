"""``python -m leakline``."""

import sys

from leakline.cli import main

sys.exit(main())
