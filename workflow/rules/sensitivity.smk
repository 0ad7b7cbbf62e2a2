# Weekly codes and the cohort -> what each choice made otherwise gives, beside the run's own.


rule sensitivity:
    message:
        "Making each choice otherwise"
    input:
        dream=rules.ingest.output.dream,
        dream_weeks=DREAM_WEEKS,
        cohort=rules.cohort.output.cohort,
    output:
        sensitivity=f"{PRIVATE}/sensitivity/sensitivity.parquet",
    log:
        f"{PRIVATE}/logs/sensitivity.log",
    params:
        config=stage_config("sensitivity"),
        code=stage_code("sensitivity"),
        weeks=lambda wildcards, input: named_inputs({"dream_weeks": input.dream_weeks}),
    shell:
        "NUMBA_NUM_THREADS={threads} veje sensitivity --config {params.config:q} --log {log:q}"
        " --in dream={input.dream:q} {params.weeks} --in cohort={input.cohort:q}"
        " --out sensitivity={output.sensitivity:q}"
