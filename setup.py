"""Builds the heap kernels with Cython where a C compiler is at hand.

Without one the same source runs interpreted: right, but slower.
"""

import sys

from setuptools import setup
from setuptools.command.build_ext import build_ext
from setuptools.extension import Extension

KERNELS = "server/leakline/heap/kernels.py"


class BuildKernels(build_ext):
    """Builds what can be built: a missing compiler must not stop the installation.

    ``Extension(optional=True)`` does not save an editable install: the copy step that follows
    fails on the file that was not built.
    """

    def run(self):
        try:
            super().run()
        except Exception as error:  # whatever the compiler's absence raises on this platform
            self.give_up(error)

    def build_extension(self, ext):
        super().build_extension(ext)

    def give_up(self, error):
        print(
            f"warning: the heap kernels were not compiled ({type(error).__name__}: {error}); "
            "Leakline works without, slower",
            file=sys.stderr,
        )
        self.extensions = []


def extensions():
    try:
        from Cython.Build import cythonize
    except ImportError:
        return []
    flags = [] if sys.platform == "win32" else ["-O3"]
    kernels = Extension("leakline.heap.kernels", [KERNELS], extra_compile_args=flags)
    return cythonize([kernels], language_level=3)


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildKernels})
