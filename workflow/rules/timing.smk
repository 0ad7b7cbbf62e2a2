# Measure spells, the cohort and its sequences -> activity by quarter, its classes, and what lies behind.


rule timing:
    message:
        "Joining measures and classifying their timing"
    input:
        measures=rules.ingest.output.measures,
        later_measures=rules.ingest.output.later_measures,
        cohort=rules.cohort.output.cohort,
        sequences=rules.sequences.output.sequences,
        grants=rules.ingest.output.grants,
    output:
        timing=f"{PRIVATE}/timing/timing.parquet",
        spells=f"{PRIVATE}/timing/spells.parquet",
        spell_flow=f"{PRIVATE}/timing/spell_flow.parquet",
        spell_rules=f"{PRIVATE}/timing/spell_rules.parquet",
        timing_grid=f"{PRIVATE}/timing/timing_grid.parquet",
        activity_clusters=f"{PRIVATE}/timing/activity_clusters.parquet",
        timing_agreement=f"{PRIVATE}/timing/timing_agreement.parquet",
        timing_kinds=f"{PRIVATE}/timing/timing_kinds.parquet",
        phases=f"{PRIVATE}/timing/phases.parquet",
        handovers=f"{PRIVATE}/timing/handovers.parquet",
    log:
        f"{PRIVATE}/logs/timing.log",
    params:
        config=stage_config("timing"),
        code=stage_code("timing"),
    shell:
        "veje timing --config {params.config:q} --log {log:q}"
        " --in measures={input.measures:q} --in later_measures={input.later_measures:q}"
        " --in cohort={input.cohort:q} --in sequences={input.sequences:q}"
        " --in grants={input.grants:q}"
        " --out timing={output.timing:q} --out spells={output.spells:q}"
        " --out spell_flow={output.spell_flow:q} --out spell_rules={output.spell_rules:q}"
        " --out timing_grid={output.timing_grid:q}"
        " --out activity_clusters={output.activity_clusters:q}"
        " --out timing_agreement={output.timing_agreement:q}"
        " --out timing_kinds={output.timing_kinds:q}"
        " --out phases={output.phases:q}"
        " --out handovers={output.handovers:q}"
