# Distances and weights -> partitions for every number of clusters, their quality, the number chosen.
# With `clusters.method: clara` from samples of the sequences, which `jobs.clusters` shares among jobs of
# their own, byte for byte the same.

SAMPLED = [rules.sequences.output.unique] if SETTINGS.clusters.sampled else []


rule clusters_part:
    message:
        "Clustering samples, {wildcards.scatteritem}"
    input:
        unique=rules.sequences.output.unique,
        sequences=rules.sequences.output.sequences,
    output:
        samples=temp(f"{PRIVATE}/clusters/parts/{{scatteritem}}.parquet"),
    log:
        f"{PRIVATE}/logs/clusters_{{scatteritem}}.log",
    params:
        config=stage_config("clusters"),
        code=part_code("clusters"),
    threads: workflow.cores or 1
    resources:
        mem_mb=memory("clusters_part", "unique"),
        runtime=minutes("clusters_part", "unique"),
    shell:
        "NUMBA_NUM_THREADS={threads} veje clusters-part --config {params.config:q} --log {log:q}"
        " --part {wildcards.scatteritem} --in unique={input.unique:q}"
        " --in sequences={input.sequences:q} --out samples={output.samples:q}"


rule clusters:
    message:
        "Clustering, pooled and by municipality"
    input:
        distances=ALL_PAIRS,
        unique=SAMPLED,
        sequences=rules.sequences.output.sequences,
        parts=shared_parts("clusters", gather.clusters(rules.clusters_part.output.samples)),
    output:
        partitions=f"{PRIVATE}/clusters/partitions.parquet",
        quality=f"{PRIVATE}/clusters/quality.parquet",
        trees=f"{PRIVATE}/clusters/trees.parquet",
    log:
        f"{PRIVATE}/logs/clusters.log",
    params:
        config=stage_config("clusters"),
        code=stage_code("clusters"),
        former=former(),
        given=lambda wildcards, input: named_inputs(
            {"distances": input.distances, "unique": input.unique, "part": input.parts}
        ),
    resources:
        mem_mb=memory("clusters", SIZE),
        runtime=minutes("clusters", SIZE),
    shell:
        "veje clusters --config {params.config:q} --log {log:q}"
        " {params.given} --in sequences={input.sequences:q} {params.former}"
        " --out partitions={output.partitions:q} --out quality={output.quality:q}"
        " --out trees={output.trees:q}"
