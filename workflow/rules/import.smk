# Delivered files -> Parquet, a rule a register; known by SHA-256, whatever the files' names and dates.
# Converted files hold personal numbers and lie with the keys; DREAM's weeks hold none and lie apart.


for register in DELIVERIES:

    rule:
        name:
            f"import_{register}"
        message:
            f"Converting {register}"
        input:
            list(DELIVERIES[register].values()),
        output:
            files=imported(register),
            weeks=DREAM_WEEKS if register == "dream" else [],
        log:
            f"{PRIVATE}/logs/import_{register}.log",
        params:
            declared=declared_options(register),
            code=import_code(register),
            ledger=f"{IMPORTED}/ledger",
            pairs=lambda wildcards, input, output: in_turn(input, output.files),
            weeks=lambda wildcards, output: " ".join(f"--weeks {shlex.quote(w)}" for w in output.get("weeks", [])),
        shell:
            "veje import {params.pairs} {params.weeks} {params.declared} --log {log:q} --ledger {params.ledger:q}"
