# Raw figures -> what may leave: the only rule that turns private figures into released ones, after an audit
# of the whole release (exit 40 when small counts could be computed from it).


rule disclosure:
    message:
        "Auditing the release"
    input:
        cells=rules.tables.output.cells,
        deliveries=rules.ingest.output.deliveries,
    output:
        released=f"{PRIVATE}/disclosure/released.parquet",
        utility=f"{PRIVATE}/disclosure/utility.parquet",
        summary=f"{PRIVATE}/disclosure/summary.json",
        csv=directory(f"{CANDIDATE}/tables"),
    log:
        f"{PRIVATE}/logs/disclosure.log",
    params:
        config=stage_config("disclosure"),
        code=stage_code("disclosure"),
        # No output: it is written before a stop, to be looked at after it.
        audit=f"{PRIVATE}/audit",
        # No input: it is this workflow's own last result.
        former=RELEASE,
    shell:
        "veje disclosure --config {params.config:q} --log {log:q}"
        " --in cells={input.cells:q} --in deliveries={input.deliveries:q} --in former={params.former:q}"
        " --out released={output.released:q} --out utility={output.utility:q}"
        " --out summary={output.summary:q} --out csv={output.csv:q} --out audit={params.audit:q}"
