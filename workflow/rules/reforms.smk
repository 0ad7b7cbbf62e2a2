# Grants, their sequences and registers -> regimes, flags, types within groups of regimes and their matches.


rule reforms:
    message:
        "Placing grants in regimes and raising flags"
    input:
        cohort=rules.cohort.output.cohort,
        sequences=rules.sequences.output.sequences,
        distances=rules.distances.output.distances,
        spells=rules.timing.output.spells,
        dream=rules.ingest.output.dream,
        dream_weeks=DREAM_WEEKS,
        bef=rules.ingest.output.bef,
        grants=rules.ingest.output.grants,
        cases=rules.ingest.output.cases,
        deaths=rules.ingest.output.deaths,
        migration=rules.ingest.output.migration,
    output:
        grant_regimes=f"{PRIVATE}/reforms/grant_regimes.parquet",
        flags=f"{PRIVATE}/reforms/flags.parquet",
        flag_variants=f"{PRIVATE}/reforms/flag_variants.parquet",
        group_types=f"{PRIVATE}/reforms/group_types.parquet",
        regime_matches=f"{PRIVATE}/reforms/regime_matches.parquet",
        regime_discrepancy=f"{PRIVATE}/reforms/regime_discrepancy.parquet",
    log:
        f"{PRIVATE}/logs/reforms.log",
    params:
        config=stage_config("reforms"),
        code=stage_code("reforms"),
        weeks=lambda wildcards, input: named_inputs({"dream_weeks": input.dream_weeks}),
        files=lambda wildcards, output: named_outputs(output),
    threads: workflow.cores or 1
    shell:
        "NUMBA_NUM_THREADS={threads} veje reforms --config {params.config:q} --log {log:q}"
        " --in cohort={input.cohort:q} --in sequences={input.sequences:q}"
        " --in distances={input.distances:q} --in spells={input.spells:q}"
        " --in dream={input.dream:q} {params.weeks} --in bef={input.bef:q} --in grants={input.grants:q}"
        " --in cases={input.cases:q} --in deaths={input.deaths:q} --in migration={input.migration:q}"
        " {params.files}"
