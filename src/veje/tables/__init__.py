"""Stage 9: the study's tables, every figure with the persons behind it."""

from veje.tables.build import Sources, build_cells, places_of

__all__ = ["Sources", "build_cells", "places_of"]
