"""Stage 11: one self-contained page in each language, from the release and what it was made from."""

from veje.report.page import Sources, build_report

__all__ = ["Sources", "build_report"]
