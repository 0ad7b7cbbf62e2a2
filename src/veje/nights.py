"""The settings of runs that nobody watches."""

from __future__ import annotations

from veje.sections import Section, key


class Nightly(Section):
    """Runs that nobody watches (`veje nightly`); nothing here changes a result."""

    keep: int = key(30, "runs", "So many of the newest published runs are kept.", ge=1)
    keep_months: int = key(
        12, "months", "Of so many of the newest months with runs, the last run is kept.", ge=0
    )
    free_gb: float = key(2.0, "GB", "Less free disk than this and nothing starts.", ge=0)
    memory_gb: float = key(1.0, "GB", "Less free memory than this and nothing starts.", ge=0)
    heartbeat: float = key(10.0, "seconds", "How often a run says that it is alive.", gt=0, le=600)
    silent_minutes: float = key(
        5.0, "minutes", "A run without a heartbeat for so long hangs, says `veje status`.", gt=0
    )
    overdue_hours: float = key(
        26.0, "hours", "When the last success is longer ago, `veje status` says overdue.", gt=0
    )
    grace: float = key(
        20.0, "seconds", "So long may jobs take to end when a run is stopped; then they are killed.", ge=0
    )
