# All stages' tables -> the study's figures, raw and private; rule `disclosure` turns them into released ones.

# What only some runs count: regimes and flags, and persons without a grant.
BESIDES = {
    **(dict(rules.reforms.output.items()) if REFORMS else {}),
    **(dict(rules.nongrants.output.items()) if NONGRANTS else {}),
}


rule tables:
    message:
        "Counting the tables"
    input:
        reading=rules.ingest.output.reading,
        flow=rules.cohort.output.flow,
        sequences=rules.sequences.output.sequences,
        week_codes=rules.sequences.output.week_codes,
        quality=rules.clusters.output.quality,
        trees=rules.clusters.output.trees,
        types=rules.typology.output.types,
        named_clusters=rules.typology.output.named_clusters,
        timing=rules.timing.output.timing,
        spells=rules.timing.output.spells,
        spell_flow=rules.timing.output.spell_flow,
        spell_rules=rules.timing.output.spell_rules,
        timing_grid=rules.timing.output.timing_grid,
        activity_clusters=rules.timing.output.activity_clusters,
        timing_agreement=rules.timing.output.timing_agreement,
        timing_kinds=rules.timing.output.timing_kinds,
        phases=rules.timing.output.phases,
        handovers=rules.timing.output.handovers,
        background=rules.background.output.background,
        stability=rules.validation.output.stability,
        null_models=rules.validation.output.null_models,
        discrepancy=rules.validation.output.discrepancy,
        regression_tree=rules.validation.output.regression_tree,
        indicators=rules.validation.output.indicators,
        movers=rules.validation.output.movers,
        sensitivity=rules.sensitivity.output.sensitivity,
        applications=rules.cohort.output.applications,
        compared=rules.background.output.compared,
        medicine_groups=rules.background.output.medicine_groups,
        **BESIDES,
    output:
        cells=f"{PRIVATE}/tables/cells.parquet",
    log:
        f"{PRIVATE}/logs/tables.log",
    params:
        config=stage_config("tables"),
        code=stage_code("tables"),
        besides=lambda wildcards, input: named_inputs({name: [input[name]] for name in BESIDES}),
    shell:
        "veje tables --config {params.config:q} --log {log:q}"
        " --in reading={input.reading:q} --in flow={input.flow:q} --in sequences={input.sequences:q}"
        " --in week_codes={input.week_codes:q} --in quality={input.quality:q}"
        " --in trees={input.trees:q} --in types={input.types:q} --in named_clusters={input.named_clusters:q}"
        " --in timing={input.timing:q} --in spells={input.spells:q} --in spell_flow={input.spell_flow:q}"
        " --in spell_rules={input.spell_rules:q} --in background={input.background:q}"
        " --in stability={input.stability:q}"
        " --in null_models={input.null_models:q} --in discrepancy={input.discrepancy:q}"
        " --in regression_tree={input.regression_tree:q} --in indicators={input.indicators:q}"
        " --in movers={input.movers:q} --in sensitivity={input.sensitivity:q}"
        " --in timing_grid={input.timing_grid:q} --in activity_clusters={input.activity_clusters:q}"
        " --in timing_agreement={input.timing_agreement:q} --in timing_kinds={input.timing_kinds:q}"
        " --in phases={input.phases:q} --in handovers={input.handovers:q}"
        " --in applications={input.applications:q} --in compared={input.compared:q}"
        " --in medicine_groups={input.medicine_groups:q} {params.besides}"
        " --out cells={output.cells:q}"
