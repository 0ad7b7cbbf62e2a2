"""Flags: what the law's rules say of each grant, as far as registers can tell."""

from veje.flags.build import FlagsResult, build_flags
from veje.flags.facts import Material, build_facts
from veje.flags.registry import FlagSpec, read_flags

__all__ = ["FlagSpec", "FlagsResult", "Material", "build_facts", "build_flags", "read_flags"]
