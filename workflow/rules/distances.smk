# Unique sequences -> substitution costs and condensed distances; with `jobs.distances` above 1 in stretches
# that jobs of their own compute, byte for byte the same.

DISTANCES = "distances_gathered" if SETTINGS.jobs.distances > 1 else "distances"


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
        distances=f"{PRIVATE}/distances/distances.npy",
    log:
        f"{PRIVATE}/logs/distances.log",
    params:
        config=stage_config("distances"),
        code=stage_code("distances"),
        parts=lambda wildcards, input: named_inputs({"part": input.parts}),
        kept=kept_distances(),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory(DISTANCES, "unique"),
        runtime=minutes(DISTANCES, "unique"),
    shell:
        "NUMBA_NUM_THREADS={threads} veje distances --config {params.config:q} --log {log:q}"
        " --in unique={input.unique:q} {params.parts}"
        " --out costs={output.costs:q} --out distances={output.distances:q} {params.kept}"
