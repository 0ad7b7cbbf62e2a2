"""Stage 9: the study's tables, every figure with the persons behind it."""

from veje.tables.applications import periods_of
from veje.tables.build import Rows, Sources, build_cells, places_of

__all__ = ["Rows", "Sources", "build_cells", "periods_of", "places_of"]
