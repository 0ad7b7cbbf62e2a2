"""The synthetic twin: register files of a made-up population with the study's law."""

from veje.twin.dirty import Dirty, make_dirty, write_dirty
from veje.twin.make import Twin, make_twin
from veje.twin.national import write_national
from veje.twin.write import write_twin

__all__ = ["Dirty", "Twin", "make_dirty", "make_twin", "write_dirty", "write_national", "write_twin"]
