"""Leakline: finds the line of a JavaScript program that makes its heap grow."""

__version__ = "0.1.0"
