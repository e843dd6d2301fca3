"""The worker's child, with the play's analysis."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import play

import leakline.pipeline
from leakline.worker.child import main

leakline.pipeline.analyze = play.analyze
main()
