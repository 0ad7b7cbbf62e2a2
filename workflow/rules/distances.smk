# Unique sequences -> substitution costs and condensed distances.


rule distances:
    message:
        "Computing distances"
    input:
        unique=rules.sequences.output.unique,
    output:
        costs=f"{PRIVATE}/distances/costs.parquet",
        distances=f"{PRIVATE}/distances/distances.npy",
    log:
        f"{PRIVATE}/logs/distances.log",
    params:
        config=stage_config("distances"),
        code=stage_code("distances"),
    threads: workflow.cores or 1
    shell:
        "NUMBA_NUM_THREADS={threads} veje distances --config {params.config:q} --log {log:q}"
        " --in unique={input.unique:q}"
        " --out costs={output.costs:q} --out distances={output.distances:q}"
