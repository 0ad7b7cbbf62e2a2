"""Stage 10: pictures, of the release for everyone, of single persons for the server only."""

from veje.figures.build import draw_private, draw_public

__all__ = ["draw_private", "draw_public"]
