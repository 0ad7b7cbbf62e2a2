"""A run's sequences as TraMineR reads them, with a script that derives its results again."""

from veje.traminer.frames import Export, build_export

__all__ = ["Export", "build_export"]
