"""Delivered files of every format as text, in bounded memory."""

from veje.formats.registry import KNOWN, batches_of, open_source, read_batches
from veje.formats.source import ROW, Encoding, Problem, Source

__all__ = ["KNOWN", "ROW", "Encoding", "Problem", "Source", "batches_of", "open_source", "read_batches"]
