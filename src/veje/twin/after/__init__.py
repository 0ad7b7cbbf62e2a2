"""The twin after 2013: registers of made-up grants under the reforms, with what each was planted for."""

from veje.twin.after.make import AfterTwin, make_after
from veje.twin.after.write import parse_years, write_after

__all__ = ["AfterTwin", "make_after", "parse_years", "write_after"]
