"""The synthetic twin: register files of a made-up population with the study's law."""

from veje.twin.make import Twin, make_twin
from veje.twin.write import write_twin

__all__ = ["Twin", "make_twin", "write_twin"]
