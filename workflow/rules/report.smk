# Released figures and pictures -> one self-contained page a language.


rule report:
    message:
        "Writing the report"
    input:
        released=rules.disclosure.output.released,
        audit=rules.disclosure.output.summary,
        costs=rules.distances.output.costs,
        replication_released=rules.replication.output.replication_released,
        replication_by_table=rules.replication.output.replication_by_table,
        claims=rules.replication.output.claims,
        timing_claims=rules.replication.output.timing_claims,
        figures=expand(rules.figures.output.public, language=SETTINGS.languages),
        deliveries=rules.ingest.output.deliveries,
    output:
        **{language: f"{CANDIDATE}/{name}" for language, name in veje_workflow.report_names(SETTINGS).items()},
    log:
        f"{PRIVATE}/logs/report.log",
    params:
        config=stage_config("report"),
        code=stage_code("report"),
        figures=lambda wildcards, input: named_inputs({"figures": input.figures}),
        files=lambda wildcards, output: named_outputs(output),
    shell:
        "veje report --config {params.config:q} --log {log:q}"
        " --in released={input.released:q} --in audit={input.audit:q} --in costs={input.costs:q} {params.figures}"
        " --in replication_released={input.replication_released:q}"
        " --in replication_by_table={input.replication_by_table:q} --in claims={input.claims:q}"
        " --in timing_claims={input.timing_claims:q}"
        " --in deliveries={input.deliveries:q} {params.files}"
