# The candidate -> results/release, whole or not at all, after a scan for personal numbers.
# `update`: the former release stays in its place until the new one takes it.


rule publish:
    message:
        "Publishing the release"
    input:
        tables=rules.disclosure.output.csv,
        replication=rules.replication.output.csv,
        workbook=rules.workbook.output.workbook,
        dictionary=rules.workbook.output.dictionary,
        figures=expand(rules.figures.output.public, language=SETTINGS.languages),
        profiles=rules.typology.output.profiles,
        report=list(rules.report.output),
        summary=rules.disclosure.output.summary,
        deliveries=rules.ingest.output.deliveries,
        person_keys=rules.ingest.output.person_keys,
        sequences=rules.sequences.output.sequences,
        timing=rules.timing.output.timing,
        background=rules.background.output.background,
    output:
        update(RELEASED),
    log:
        f"{PRIVATE}/logs/publish.log",
    params:
        config=stage_config("publish"),
        code=stage_code("publish"),
        many=lambda wildcards, input: named_inputs({"figures": input.figures, "report": input.report}),
        # No inputs: they grow while the workflow runs. What Snakemake keeps lies where it was started.
        logs=named_inputs({"logs": [f"{PRIVATE}/logs", ".snakemake"]}),
        # No output: Snakemake would take it away before the rule reads what the last run left in it.
        memory=f"{PRIVATE}/published.json",
        release=lambda wildcards, output: str(Path(output[0]).parent),
        kept=f"--out kept={FORMER}" if SETTINGS.continuity.names else "",
    shell:
        "veje publish --config {params.config:q} --log {log:q}"
        " --in tables={input.tables:q} --in replication={input.replication:q}"
        " --in workbook={input.workbook:q} --in dictionary={input.dictionary:q}"
        " {params.many}"
        " {params.logs} --in sequences={input.sequences:q} --in timing={input.timing:q}"
        " --in background={input.background:q} --out memory={params.memory:q}"
        " --in summary={input.summary:q}"
        " --in deliveries={input.deliveries:q} --in keys={input.person_keys:q} --out release={params.release:q}"
        " --in profiles={input.profiles:q} {params.kept}"
