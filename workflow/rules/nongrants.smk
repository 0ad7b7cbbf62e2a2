# Persons without a decision, their weeks and the cohort's types -> persons set beside the grants, placed on the types.


rule nongrants:
    message:
        "Setting persons without a grant beside the cohort"
    input:
        cohort=rules.cohort.output.cohort,
        sequences=rules.sequences.output.sequences,
        unique=rules.sequences.output.unique,
        distances=rules.distances.output.distances,
        types=rules.typology.output.types,
        dream=rules.ingest.output.dream,
        dream_weeks=DREAM_WEEKS,
        bef=rules.ingest.output.bef,
        grants=rules.ingest.output.grants,
        deaths=rules.ingest.output.deaths,
    output:
        not_granted=f"{PRIVATE}/nongrants/not_granted.parquet",
    log:
        f"{PRIVATE}/logs/nongrants.log",
    params:
        config=stage_config("nongrants"),
        code=stage_code("nongrants"),
        weeks=lambda wildcards, input: named_inputs({"dream_weeks": input.dream_weeks}),
    threads: workflow.cores or 1
    shell:
        "NUMBA_NUM_THREADS={threads} veje nongrants --config {params.config:q} --log {log:q}"
        " --in cohort={input.cohort:q} --in sequences={input.sequences:q} --in unique={input.unique:q}"
        " --in distances={input.distances:q} --in types={input.types:q}"
        " --in dream={input.dream:q} {params.weeks} --in bef={input.bef:q} --in grants={input.grants:q}"
        " --in deaths={input.deaths:q} --out not_granted={output.not_granted:q}"
