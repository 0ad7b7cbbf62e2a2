"""The command line: the rim where paths, files and messages are, around the pure stages."""

from veje.cli.app import main

__all__ = ["main"]
