"""Builds the heap kernels with Cython where a C compiler is at hand.

Without one the same source runs interpreted: right, but slower.
"""

from setuptools import setup

setup()
