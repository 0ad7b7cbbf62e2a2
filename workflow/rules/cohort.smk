# Grants and persons -> one row a person studied, and the flow of exclusions with counts; applications by outcome.


rule cohort:
    message:
        "Selecting the cohort"
    input:
        grants=rules.ingest.output.grants,
        bef=rules.ingest.output.bef,
        dream=rules.ingest.output.dream,
        deaths=rules.ingest.output.deaths,
        migration=rules.ingest.output.migration,
    output:
        cohort=f"{PRIVATE}/cohort/cohort.parquet",
        flow=f"{PRIVATE}/cohort/flow.parquet",
        applications=f"{PRIVATE}/cohort/applications.parquet",
    log:
        f"{PRIVATE}/logs/cohort.log",
    params:
        config=stage_config("cohort"),
        code=stage_code("cohort"),
    shell:
        "veje cohort --config {params.config:q} --log {log:q}"
        " --in grants={input.grants:q} --in bef={input.bef:q} --in dream={input.dream:q}"
        " --in deaths={input.deaths:q} --in migration={input.migration:q}"
        " --out cohort={output.cohort:q} --out flow={output.flow:q}"
        " --out applications={output.applications:q}"
