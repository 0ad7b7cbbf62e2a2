# veje: weekly benefit records to pathways. snakemake --workflow-profile workflow/profiles/default
# Contents: a stage is one rule file, module, subcommand (`veje STAGE --help`) and folder of results/private.

if "registers" not in config:

    configfile: "config/config.yaml"


include: "workflow/rules/common.smk"


localrules:
    all,


rule all:
    input:
        WANTED,


include: "workflow/rules/import.smk"
include: "workflow/rules/ingest.smk"
include: "workflow/rules/cohort.smk"
include: "workflow/rules/sequences.smk"
include: "workflow/rules/distances.smk"
include: "workflow/rules/clusters.smk"
include: "workflow/rules/typology.smk"
include: "workflow/rules/timing.smk"
include: "workflow/rules/background.smk"
include: "workflow/rules/validation.smk"
include: "workflow/rules/sensitivity.smk"
include: "workflow/rules/asked.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/disclosure.smk"
include: "workflow/rules/replication.smk"
include: "workflow/rules/workbook.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/publish.smk"
