# Released figures -> pictures for the candidate, a job a language; sequences -> pictures that stay private.


rule figures:
    message:
        "Drawing the pictures ({wildcards.language})"
    input:
        released=rules.disclosure.output.released,
    output:
        public=directory(f"{CANDIDATE}/figures/{{language}}"),
    log:
        f"{PRIVATE}/logs/figures.{{language}}.log",
    # The report waits for these; the workbook does not.
    priority: 1
    params:
        config=stage_config("figures"),
        code=lambda wildcards: stage_code("figures", f"figures.{wildcards.language}"),
    shell:
        "veje figures --config {params.config:q} --log {log:q}"
        " --in released={input.released:q} --out {wildcards.language:q}={output.public:q}"


rule private_figures:
    message:
        "Drawing the private pictures"
    input:
        sequences=rules.sequences.output.sequences,
        types=rules.typology.output.types,
        distances=ALL_PAIRS,
    output:
        private=directory(PRIVATE_PICTURES),
    log:
        f"{PRIVATE}/logs/figures.private.log",
    params:
        config=stage_config("figures"),
        code=stage_code("figures", "figures.private"),
        distances=lambda wildcards, input: named_inputs({"distances": input.distances}),
    shell:
        "veje figures --config {params.config:q} --log {log:q}"
        " --in sequences={input.sequences:q} --in types={input.types:q} {params.distances}"
        " --out private={output.private:q}"
