"""Builds the heap kernels with Cython where a C compiler is at hand.

Without one the same source runs interpreted: right, but slower. The detectors' pages go along:
editors open them from a diagnostic's code.
"""

import sys
from pathlib import Path

from Cython.Build import cythonize
from setuptools import setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py
from setuptools.extension import Extension


class BuildKernels(build_ext):
    """Builds what can be built: a missing compiler must not stop the installation.

    ``Extension(optional=True)`` does not save an editable install: the copy step that follows
    fails on the file that was not built.
    """

    def run(self) -> None:
        try:
            super().run()
        except Exception as error:  # whatever this platform raises without a compiler
            print(
                f"warning: the heap kernels were not compiled ({error}); "
                "Leakline works without, slower",
                file=sys.stderr,
            )
            self.extensions = []


class BuildWithPages(build_py):
    """Puts the detectors' pages into the package; a checkout has them where they are."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            to = Path(self.build_lib, "leakline", "docs", "detectors")
            self.mkpath(str(to))
            for page in sorted(Path("docs/detectors").glob("*.md")):
                self.copy_file(str(page), str(to / page.name))


FOLDER = Path("server/leakline/heap/kernels")
kernels = [
    Extension(
        f"leakline.heap.kernels.{path.stem}",
        [str(path)],
        extra_compile_args=[] if sys.platform == "win32" else ["-O3"],
    )
    for path in sorted(FOLDER.glob("[a-z]*.py"))
]
setup(
    ext_modules=cythonize(kernels, language_level=3),
    cmdclass={"build_ext": BuildKernels, "build_py": BuildWithPages},
)
