# Person, education, medicine and parents -> covariates at the index date, of the cohort and of whom it is compared with.


rule background:
    message:
        "Adding background at the index date"
    input:
        cohort=rules.cohort.output.cohort,
        applications=rules.cohort.output.applications,
        bef=rules.ingest.output.bef,
        education=rules.ingest.output.education,
        medicine=rules.ingest.output.medicine,
        parents=rules.ingest.output.parents,
        grants=rules.ingest.output.grants,
        income=rules.ingest.output.income,
        unemployment=rules.ingest.output.unemployment,
    output:
        background=f"{PRIVATE}/background/background.parquet",
        compared=f"{PRIVATE}/background/compared.parquet",
        medicine_groups=f"{PRIVATE}/background/medicine_groups.parquet",
    log:
        f"{PRIVATE}/logs/background.log",
    params:
        config=stage_config("background"),
        code=stage_code("background"),
    shell:
        "veje background --config {params.config:q} --log {log:q}"
        " --in cohort={input.cohort:q} --in applications={input.applications:q}"
        " --in bef={input.bef:q} --in education={input.education:q}"
        " --in medicine={input.medicine:q} --in parents={input.parents:q} --in grants={input.grants:q}"
        " --in income={input.income:q} --in unemployment={input.unemployment:q}"
        " --out background={output.background:q} --out compared={output.compared:q}"
        " --out medicine_groups={output.medicine_groups:q}"
