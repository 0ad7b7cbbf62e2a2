# Distances and weights -> partitions for every number of clusters, their quality, the number chosen.


rule clusters:
    message:
        "Clustering, pooled and by municipality"
    input:
        distances=rules.distances.output.distances,
        sequences=rules.sequences.output.sequences,
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
    resources:
        mem_mb=memory("clusters", "distances"),
        runtime=minutes("clusters", "distances"),
    shell:
        "veje clusters --config {params.config:q} --log {log:q}"
        " --in distances={input.distances:q} --in sequences={input.sequences:q} {params.former}"
        " --out partitions={output.partitions:q} --out quality={output.quality:q}"
        " --out trees={output.trees:q}"
