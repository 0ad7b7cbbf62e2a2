# Released figures -> pictures for the candidate; sequences -> pictures that stay private.


rule figures:
    message:
        "Drawing the pictures"
    input:
        released=rules.tables.output.released,
        sequences=rules.sequences.output.sequences,
        types=rules.typology.output.types,
    output:
        public=directory(f"{CANDIDATE}/figures"),
        private=directory(f"{PRIVATE}/figures/pictures"),
        list=f"{PRIVATE}/figures/figures.json",
    log:
        f"{PRIVATE}/logs/figures.log",
    params:
        config=stage_config("figures"),
        code=stage_code("figures"),
    shell:
        "veje figures --config {params.config:q} --log {log:q}"
        " --in released={input.released:q} --in sequences={input.sequences:q} --in types={input.types:q}"
        " --out public={output.public:q} --out private={output.private:q} --out list={output.list:q}"
