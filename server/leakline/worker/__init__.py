"""Analysis in a child process that stays warm.

Parsing a heap in the language server's own process stalls it for seconds, threads or not;
in a child it never does, and a child can be killed in the middle.
"""

from leakline.worker.process import AnalysisWorker

__all__ = ["AnalysisWorker"]
