# Weekly codes and the cohort -> quarter states a person, and unique sequences with weights.


rule sequences:
    message:
        "Building quarter states"
    input:
        dream=rules.ingest.output.dream,
        dream_weeks=DREAM_WEEKS,
        cohort=rules.cohort.output.cohort,
    output:
        sequences=f"{PRIVATE}/sequences/sequences.parquet",
        unique=f"{PRIVATE}/sequences/unique.parquet",
        week_codes=f"{PRIVATE}/sequences/week_codes.parquet",
    log:
        f"{PRIVATE}/logs/sequences.log",
    params:
        config=stage_config("sequences"),
        code=stage_code("sequences"),
        weeks=lambda wildcards, input: named_inputs({"dream_weeks": input.dream_weeks}),
    shell:
        "veje sequences --config {params.config:q} --log {log:q}"
        " --in dream={input.dream:q} {params.weeks} --in cohort={input.cohort:q}"
        " --out sequences={output.sequences:q} --out unique={output.unique:q}"
        " --out week_codes={output.week_codes:q}"
