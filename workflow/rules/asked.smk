# Stages that only some runs ask for: comparing regimes, and persons without a grant.

if REFORMS:

    include: "reforms.smk"


if NONGRANTS:

    include: "nongrants.smk"
