from .prefetching cimport prefetch
