# All released tables -> one Excel workbook, and the dictionary of their columns, for the candidate.


rule workbook:
    message:
        "Writing the workbook"
    input:
        released=rules.disclosure.output.released,
        replication_released=rules.replication.output.replication_released,
        replication_by_table=rules.replication.output.replication_by_table,
        claims=rules.replication.output.claims,
        timing_claims=rules.replication.output.timing_claims,
    output:
        workbook=f"{CANDIDATE}/workbook/tables.xlsx",
        dictionary=f"{CANDIDATE}/workbook/data_dictionary.csv",
    log:
        f"{PRIVATE}/logs/workbook.log",
    params:
        config=stage_config("workbook"),
        code=stage_code("workbook"),
    shell:
        "veje workbook --config {params.config:q} --log {log:q}"
        " --in released={input.released:q} --in replication_released={input.replication_released:q}"
        " --in replication_by_table={input.replication_by_table:q} --in claims={input.claims:q}"
        " --in timing_claims={input.timing_claims:q}"
        " --out workbook={output.workbook:q} --out dictionary={output.dictionary:q}"
