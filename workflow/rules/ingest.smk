# Converted deliveries -> typed tables keyed by a surrogate person number; broken rows kept aside.
# Personal numbers go no further than this rule; its key file stays in results/private/keys.
# `update`: what was read before stays in its place until all of the new tables take it.


rule ingest:
    message:
        "Reading the registers"
    input:
        **{name: imported(name) for name in DELIVERIES},
        dream_weeks=DREAM_WEEKS,
    output:
        person_keys=update(KEYS),
        deliveries=update(f"{PRIVATE}/ingest/deliveries.json"),
        reading=update(f"{PRIVATE}/ingest/reading.parquet"),
        dream=update(f"{PRIVATE}/ingest/dream.parquet"),
        grants=update(f"{PRIVATE}/ingest/grants.parquet"),
        bef=update(f"{PRIVATE}/ingest/bef.parquet"),
        measures=update(f"{PRIVATE}/ingest/measures.parquet"),
        education=update(f"{PRIVATE}/ingest/education.parquet"),
        medicine=update(f"{PRIVATE}/ingest/medicine.parquet"),
        parents=update(f"{PRIVATE}/ingest/parents.parquet"),
        later_measures=update(f"{PRIVATE}/ingest/later_measures.parquet"),
        income=update(f"{PRIVATE}/ingest/income.parquet"),
        unemployment=update(f"{PRIVATE}/ingest/unemployment.parquet"),
        deaths=update(f"{PRIVATE}/ingest/deaths.parquet"),
        migration=update(f"{PRIVATE}/ingest/migration.parquet"),
        cases=update(f"{PRIVATE}/ingest/cases.parquet"),
    log:
        f"{PRIVATE}/logs/ingest.log",
    params:
        config=stage_config("ingest"),
        code=stage_code("ingest"),
        files=lambda wildcards, input: named_inputs({name: input.get(name) for name in [*DELIVERIES, "dream_weeks"]}),
        # Not an output: it is written before a stop, to be looked at after it.
        quarantine=f"{PRIVATE}/quarantine",
    shell:
        "veje ingest --config {params.config:q} --log {log:q} {params.files}"
        " --out keys={output.person_keys:q} --out deliveries={output.deliveries:q}"
        " --out reading={output.reading:q} --out quarantine={params.quarantine:q}"
        " --out dream={output.dream:q} --out grants={output.grants:q} --out bef={output.bef:q}"
        " --out measures={output.measures:q} --out education={output.education:q}"
        " --out medicine={output.medicine:q} --out parents={output.parents:q}"
        " --out later_measures={output.later_measures:q} --out income={output.income:q}"
        " --out unemployment={output.unemployment:q} --out deaths={output.deaths:q}"
        " --out migration={output.migration:q} --out cases={output.cases:q}"
