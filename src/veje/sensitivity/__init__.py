"""How far results move when a choice that the study left unsaid is made otherwise."""

from veje.sensitivity.compare import Solution, build_sensitivity
from veje.sensitivity.profiles import Far, Profiles, far_from, printed_profiles, profiles_of

__all__ = [
    "Far",
    "Profiles",
    "Solution",
    "build_sensitivity",
    "far_from",
    "printed_profiles",
    "profiles_of",
]
