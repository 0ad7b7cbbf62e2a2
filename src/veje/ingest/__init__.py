"""Stage 1: register files as delivered become typed tables keyed by a surrogate number.

Deliveries arrive as text frames with the delivered names. Here names are mapped, codes and dates
read, rows that break their contract kept aside, and every personal number replaced. Messages name
file, column, row number and count.
"""

from veje.ingest.dream import read_dream
from veje.ingest.faults import Faults, check_limit, check_rows
from veje.ingest.persons import identifier_columns, number_persons, replace_identifiers
from veje.ingest.registers import Delivery, Read, read_register

__all__ = [
    "Delivery",
    "Faults",
    "Read",
    "check_limit",
    "check_rows",
    "identifier_columns",
    "number_persons",
    "read_dream",
    "read_register",
    "replace_identifiers",
]
