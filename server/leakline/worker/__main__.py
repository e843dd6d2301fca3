"""The child: ``python -m leakline.worker``."""

from leakline.worker.child import main

main()
