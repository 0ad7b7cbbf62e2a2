# Raw and released figures -> both beside the publication's printed ones; only the released comparison leaves.


rule replication:
    message:
        "Comparing with the publication"
    input:
        cells=rules.tables.output.cells,
        released=rules.disclosure.output.released,
    output:
        replication=f"{PRIVATE}/replication/replication.parquet",
        replication_released=f"{PRIVATE}/replication/replication_released.parquet",
        replication_by_table=f"{PRIVATE}/replication/replication_by_table.parquet",
        claims=f"{PRIVATE}/replication/claims.parquet",
        timing_claims=f"{PRIVATE}/replication/timing_claims.parquet",
        csv=directory(f"{CANDIDATE}/replication"),
    log:
        f"{PRIVATE}/logs/replication.log",
    params:
        config=stage_config("replication"),
        code=stage_code("replication"),
    shell:
        "veje replication --config {params.config:q} --log {log:q}"
        " --in cells={input.cells:q} --in released={input.released:q}"
        " --out replication={output.replication:q}"
        " --out replication_released={output.replication_released:q}"
        " --out replication_by_table={output.replication_by_table:q}"
        " --out claims={output.claims:q} --out timing_claims={output.timing_claims:q}"
        " --out csv={output.csv:q}"
