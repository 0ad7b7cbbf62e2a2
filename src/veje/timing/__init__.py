"""When measures fall: activity by quarter, its classes, and what lies behind them."""

from veje.timing.activity import active_weeks
from veje.timing.build import TimingResult, build_timing
from veje.timing.classes import classify, longest_inner_gap

__all__ = ["TimingResult", "active_weeks", "build_timing", "classify", "longest_inner_gap"]
