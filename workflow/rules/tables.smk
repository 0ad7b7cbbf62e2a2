# All stages' tables -> the study's figures, raw (private) and through disclosure control (candidate).


rule tables:
    message:
        "Counting the tables"
    input:
        reading=rules.ingest.output.reading,
        flow=rules.cohort.output.flow,
        sequences=rules.sequences.output.sequences,
        week_codes=rules.sequences.output.week_codes,
        quality=rules.clusters.output.quality,
        types=rules.typology.output.types,
        named_clusters=rules.typology.output.named_clusters,
        timing=rules.timing.output.timing,
        spells=rules.timing.output.spells,
        spell_flow=rules.timing.output.spell_flow,
        spell_rules=rules.timing.output.spell_rules,
        background=rules.background.output.background,
    output:
        cells=f"{PRIVATE}/tables/cells.parquet",
        released=f"{PRIVATE}/tables/released.parquet",
        csv=directory(f"{CANDIDATE}/tables"),
    log:
        f"{PRIVATE}/logs/tables.log",
    params:
        config=stage_config("tables"),
        code=stage_code("tables"),
    shell:
        "veje tables --config {params.config:q} --log {log:q}"
        " --in reading={input.reading:q} --in flow={input.flow:q} --in sequences={input.sequences:q}"
        " --in week_codes={input.week_codes:q} --in quality={input.quality:q}"
        " --in types={input.types:q} --in named_clusters={input.named_clusters:q}"
        " --in timing={input.timing:q} --in spells={input.spells:q} --in spell_flow={input.spell_flow:q}"
        " --in spell_rules={input.spell_rules:q} --in background={input.background:q}"
        " --out cells={output.cells:q} --out released={output.released:q} --out csv={output.csv:q}"
