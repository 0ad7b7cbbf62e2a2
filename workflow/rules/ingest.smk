# Registers as delivered -> typed tables keyed by a surrogate person number.
# The only rule that sees personal numbers; its key file stays in results/private/keys.


rule ingest:
    message:
        "Reading the registers"
    input:
        **{name: list(files) for name, files in DELIVERIES.items()},
    output:
        person_keys=KEYS,
        deliveries=f"{PRIVATE}/ingest/deliveries.json",
        dream=f"{PRIVATE}/ingest/dream.parquet",
        grants=f"{PRIVATE}/ingest/grants.parquet",
        bef=f"{PRIVATE}/ingest/bef.parquet",
        measures=f"{PRIVATE}/ingest/measures.parquet",
        education=f"{PRIVATE}/ingest/education.parquet",
        medicine=f"{PRIVATE}/ingest/medicine.parquet",
        parents=f"{PRIVATE}/ingest/parents.parquet",
    log:
        f"{PRIVATE}/logs/ingest.log",
    params:
        config=stage_config("ingest"),
        code=stage_code("ingest"),
        content=lambda wildcards: json.dumps(DELIVERIES, sort_keys=True),
        files=lambda wildcards: named_inputs(DELIVERIES),
    shell:
        "veje ingest --config {params.config:q} --log {log:q} {params.files}"
        " --out keys={output.person_keys:q} --out deliveries={output.deliveries:q}"
        " --out dream={output.dream:q} --out grants={output.grants:q} --out bef={output.bef:q}"
        " --out measures={output.measures:q} --out education={output.education:q}"
        " --out medicine={output.medicine:q} --out parents={output.parents:q}"
