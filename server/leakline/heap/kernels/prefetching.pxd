cdef extern from *:
    """
    #if defined(__GNUC__)
    #define leakline_prefetch(place) __builtin_prefetch(place)
    #else
    #define leakline_prefetch(place) ((void)(place))
    #endif
    """
    # Asks for memory that is read soon; does nothing where the compiler has no way to say it.
    void prefetch "leakline_prefetch" (const void *) noexcept nogil
