# Unique sequences -> substitution costs and condensed distances; with `jobs.distances` above 1 in stretches
# that jobs of their own compute, byte for byte the same. With `clusters.method: clara` costs alone.

DISTANCES = "distances_gathered" if SETTINGS.jobs.distances > 1 else "distances"
# The distances of all pairs; none where clusters come from samples. By which the readers' jobs are sized.
ALL_PAIRS = [] if SETTINGS.clusters.sampled else [f"{PRIVATE}/distances/distances.npy"]
SIZE = "distances" if ALL_PAIRS else "unique"


rule distances_part:
    message:
        "Computing distances, {wildcards.scatteritem}"
    input:
        unique=rules.sequences.output.unique,
    output:
        stretch=temp(f"{PRIVATE}/distances/parts/{{scatteritem}}.npy"),
    log:
        f"{PRIVATE}/logs/distances_{{scatteritem}}.log",
    params:
        config=stage_config("distances"),
        code=part_code("distances"),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory("distances_part", "unique"),
        runtime=minutes("distances_part", "unique"),
    shell:
        "NUMBA_NUM_THREADS={threads} veje distances-part --config {params.config:q} --log {log:q}"
        " --part {wildcards.scatteritem} --in unique={input.unique:q} --out stretch={output.stretch:q}"


rule distances:
    message:
        "Computing distances"
    input:
        unique=rules.sequences.output.unique,
        parts=shared_parts("distances", gather.distances(rules.distances_part.output.stretch)),
    output:
        costs=f"{PRIVATE}/distances/costs.parquet",
        distances=ALL_PAIRS,
    log:
        f"{PRIVATE}/logs/distances.log",
    params:
        config=stage_config("distances"),
        code=stage_code("distances"),
        parts=lambda wildcards, input: named_inputs({"part": input.parts}),
        distances=named_outputs({"distances": path for path in ALL_PAIRS}),
        kept=kept_distances(),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory(DISTANCES, "unique"),
        runtime=minutes(DISTANCES, "unique"),
    shell:
        "NUMBA_NUM_THREADS={threads} veje distances --config {params.config:q} --log {log:q}"
        " --in unique={input.unique:q} {params.parts}"
        " --out costs={output.costs:q} {params.distances} {params.kept}"
