"""What a heap can be asked: each question one file, answers as plain rows."""

import leakline.heap.numpy_loading  # noqa: F401 - before all that imports numpy
from leakline.heap.views.closures import ClosureGroup, closure_groups
from leakline.heap.views.comparison import ClassChange, Comparison
from leakline.heap.views.contexts import ContextGroup, Variable, context_groups
from leakline.heap.views.detached import detached_nodes
from leakline.heap.views.nodes import NodeRow, node_row
from leakline.heap.views.retainers import Hop, RetainerPath, retainer_paths
from leakline.heap.views.statistics import Statistics, statistics
from leakline.heap.views.strings import StringRow, duplicate_strings, longest_strings
from leakline.heap.views.summary import objects_of, summary
from leakline.heap.views.trees import Branch, containment_tree, dominator_tree

__all__ = [
    "Branch",
    "ClassChange",
    "ClosureGroup",
    "Comparison",
    "ContextGroup",
    "Hop",
    "NodeRow",
    "RetainerPath",
    "Statistics",
    "StringRow",
    "Variable",
    "closure_groups",
    "containment_tree",
    "context_groups",
    "detached_nodes",
    "dominator_tree",
    "duplicate_strings",
    "longest_strings",
    "node_row",
    "objects_of",
    "retainer_paths",
    "statistics",
    "summary",
]
