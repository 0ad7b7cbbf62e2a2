"""Stage 1: register files as delivered become typed tables keyed by a surrogate number.

Deliveries arrive as text, part by part, with the delivered names. Here names are mapped, codes and dates
read, rows that break their contract kept aside, and every personal number replaced. Messages name
file, column, row number and count.
"""

from veje.ingest.deliveries import Delivery
from veje.ingest.dream import read_dream
from veje.ingest.faults import Faults, check_limit, check_rows
from veje.ingest.persons import Everyone, identifier_columns, number_persons, replace_identifiers
from veje.ingest.registers import Read, read_register

__all__ = [
    "Delivery",
    "Everyone",
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
