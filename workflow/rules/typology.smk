# Partitions and reference profiles -> named clusters, and the pooled and own type of each person.


rule typology:
    message:
        "Naming the types"
    input:
        partitions=rules.clusters.output.partitions,
        quality=rules.clusters.output.quality,
        sequences=rules.sequences.output.sequences,
    output:
        types=f"{PRIVATE}/typology/types.parquet",
        named_clusters=f"{PRIVATE}/typology/named_clusters.parquet",
        profiles=f"{PRIVATE}/typology/profiles.parquet",
    log:
        f"{PRIVATE}/logs/typology.log",
    params:
        config=stage_config("typology"),
        code=stage_code("typology"),
        former=former(),
    shell:
        "veje typology --config {params.config:q} --log {log:q}"
        " --in partitions={input.partitions:q} --in quality={input.quality:q}"
        " --in sequences={input.sequences:q} {params.former}"
        " --out types={output.types:q} --out named_clusters={output.named_clusters:q}"
        " --out profiles={output.profiles:q}"
