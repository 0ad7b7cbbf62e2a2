# Measure spells and the cohort -> activity by quarter and the class of its timing.


rule timing:
    message:
        "Joining measures and classifying their timing"
    input:
        measures=rules.ingest.output.measures,
        later_measures=rules.ingest.output.later_measures,
        cohort=rules.cohort.output.cohort,
    output:
        timing=f"{PRIVATE}/timing/timing.parquet",
        spells=f"{PRIVATE}/timing/spells.parquet",
        spell_flow=f"{PRIVATE}/timing/spell_flow.parquet",
        spell_rules=f"{PRIVATE}/timing/spell_rules.parquet",
    log:
        f"{PRIVATE}/logs/timing.log",
    params:
        config=stage_config("timing"),
        code=stage_code("timing"),
    shell:
        "veje timing --config {params.config:q} --log {log:q}"
        " --in measures={input.measures:q} --in later_measures={input.later_measures:q}"
        " --in cohort={input.cohort:q}"
        " --out timing={output.timing:q} --out spells={output.spells:q}"
        " --out spell_flow={output.spell_flow:q} --out spell_rules={output.spell_rules:q}"
