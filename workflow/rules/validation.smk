# Distances, partitions and covariates -> stability, null models, what explains the types, who moves.
# With `jobs.validation` above 1 jobs of their own compute the samples and random sets, byte for byte the same.


rule validation_part:
    message:
        "Drawing samples and random sets, {wildcards.scatteritem}"
    input:
        distances=ALL_PAIRS,
        unique=rules.sequences.output.unique,
        sequences=rules.sequences.output.sequences,
        partitions=rules.clusters.output.partitions,
        quality=rules.clusters.output.quality,
        background=rules.background.output.background,
    output:
        replicates=temp(f"{PRIVATE}/validation/parts/{{scatteritem}}.parquet"),
    log:
        f"{PRIVATE}/logs/validation_{{scatteritem}}.log",
    params:
        config=stage_config("validation"),
        code=part_code("validation"),
        distances=lambda wildcards, input: named_inputs({"distances": input.distances}),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory("validation_part", SIZE),
        runtime=minutes("validation_part", SIZE),
    shell:
        "NUMBA_NUM_THREADS={threads} veje validation-part --config {params.config:q} --log {log:q}"
        " --part {wildcards.scatteritem} {params.distances}"
        " --in unique={input.unique:q} --in sequences={input.sequences:q}"
        " --in partitions={input.partitions:q} --in quality={input.quality:q}"
        " --in background={input.background:q} --out replicates={output.replicates:q}"


rule validation:
    message:
        "Checking the typology"
    input:
        distances=ALL_PAIRS,
        unique=rules.sequences.output.unique,
        sequences=rules.sequences.output.sequences,
        partitions=rules.clusters.output.partitions,
        quality=rules.clusters.output.quality,
        background=rules.background.output.background,
        parts=shared_parts("validation", gather.validation(rules.validation_part.output.replicates)),
    output:
        stability=f"{PRIVATE}/validation/stability.parquet",
        null_models=f"{PRIVATE}/validation/null_models.parquet",
        discrepancy=f"{PRIVATE}/validation/discrepancy.parquet",
        regression_tree=f"{PRIVATE}/validation/regression_tree.parquet",
        indicators=f"{PRIVATE}/validation/indicators.parquet",
        movers=f"{PRIVATE}/validation/movers.parquet",
    log:
        f"{PRIVATE}/logs/validation.log",
    params:
        config=stage_config("validation"),
        code=stage_code("validation"),
        parts=lambda wildcards, input: named_inputs({"distances": input.distances, "part": input.parts}),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory("validation", SIZE),
        runtime=minutes("validation", SIZE),
    shell:
        "NUMBA_NUM_THREADS={threads} veje validation --config {params.config:q} --log {log:q}"
        " {params.parts} --in unique={input.unique:q}"
        " --in sequences={input.sequences:q} --in partitions={input.partitions:q}"
        " --in quality={input.quality:q} --in background={input.background:q}"
        " --out stability={output.stability:q} --out null_models={output.null_models:q}"
        " --out discrepancy={output.discrepancy:q} --out regression_tree={output.regression_tree:q}"
        " --out indicators={output.indicators:q} --out movers={output.movers:q}"
