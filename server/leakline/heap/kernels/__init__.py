"""The hot loops of the heap engine: text to columns, and the graph algorithms.

The modules here are plain Python in Cython's pure Python mode. Compiled ahead of time they run
at the speed of C and without the interpreter's lock; where no compiler was at hand the same
lines run interpreted, with the same results.

What every function takes for granted, because compiled loops check no bounds:

- ``data`` is the whole file, one unsigned byte per item;
- a ``start`` and a ``stop`` are byte offsets with ``0 <= start <= stop < len(data)``;
- the byte at the end of a *flat section*, ``data[stop]``, is no digit (it is the ``]``, or the
  first byte of a chunk that begins behind a comma, where ``data[stop - 1]`` is that comma);
- the graph functions get columns that :mod:`leakline.heap.checking` has checked: every
  ``edge_to`` is a node, ``first_edge`` rises from 0 to the number of edges, every string index
  has a string.

Callers pass memory of numbers, numpy's arrays too when compiled, else memoryviews of them
(:mod:`leakline.heap.engine` sees to it). Results go into memory that the caller made. Byte
values are written as numbers: 34 is a quotation mark, 44 a comma, 48 to 57 are the digits,
91 and 93 square brackets, 92 a backslash, 123 and 125 braces.

Type checkers cannot read Cython's memoryview types; they see these functions as untyped.
"""

from leakline.heap.kernels.classes import (
    assign_classes,
    group_places,
    group_shapes,
    mark_class_names,
    sum_own,
    sum_retained,
)
from leakline.heap.kernels.columns import (
    add_sizes,
    assign_groups,
    count_groups,
    fill,
    find_beyond,
    find_marked,
    find_runs,
    mark_named,
    mark_nodes,
    pick,
)
from leakline.heap.kernels.dominators import (
    fill_dominated,
    fill_retained,
    find_dominators,
    number_depth_first,
    tour_tree,
)
from leakline.heap.kernels.numbers import (
    add_up,
    after_commas,
    count_commas,
    find_bad_edge_name,
    parse_edges,
    parse_nodes,
    parse_table,
    parse_tree,
    rank_rows,
)
from leakline.heap.kernels.text import (
    find_byte,
    find_ephemeron_names,
    find_string,
    pair_ephemerons,
    scan_strings,
    skip_space,
    skip_string,
    skip_value,
)
from leakline.heap.kernels.walks import (
    fill_retainers,
    mark_reachable,
    measure_distances,
    propagate_state,
    shift_to_owners,
)

__all__ = [
    "add_sizes",
    "add_up",
    "after_commas",
    "assign_classes",
    "assign_groups",
    "count_commas",
    "count_groups",
    "fill",
    "fill_dominated",
    "fill_retained",
    "fill_retainers",
    "find_bad_edge_name",
    "find_beyond",
    "find_byte",
    "find_dominators",
    "find_ephemeron_names",
    "find_marked",
    "find_runs",
    "find_string",
    "group_places",
    "group_shapes",
    "mark_class_names",
    "mark_named",
    "mark_nodes",
    "mark_reachable",
    "measure_distances",
    "number_depth_first",
    "pair_ephemerons",
    "parse_edges",
    "parse_nodes",
    "parse_table",
    "parse_tree",
    "pick",
    "propagate_state",
    "rank_rows",
    "scan_strings",
    "shift_to_owners",
    "skip_space",
    "skip_string",
    "skip_value",
    "sum_own",
    "sum_retained",
    "tour_tree",
]
