"""Whether small counts can be computed from a whole release, and what to withhold so that they cannot."""

from veje.audit.absent import mark_absent
from veje.audit.build import Audited, audit_release
from veje.audit.structure import Structure, declare, place_cells, read_structure
from veje.audit.utility import count_withheld, summary

__all__ = [
    "Audited",
    "Structure",
    "audit_release",
    "count_withheld",
    "declare",
    "mark_absent",
    "place_cells",
    "read_structure",
    "summary",
]
