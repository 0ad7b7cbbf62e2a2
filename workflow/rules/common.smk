# What all rules share: the checked settings, the folders, and each stage's settings and code as params.
# A config fault ends here, before any job, with the key and its nearest known name.

import json
import shlex
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError

from veje.cli import jobrecords
from veje.cli import queue as veje_queue
from veje.cli import workflow as veje_workflow
from veje.cli.law import reforms_asked
from veje.cli.roots import check_roots
from veje.cli.telling import scrubbed
from veje.errors import VejeError

try:
    SETTINGS = veje_workflow.settings_of(config)
    check_roots(SETTINGS, [Path(), *(Path(file).parent for file in workflow.configfiles)])
    veje_workflow.close_results(SETTINGS)
    # Regimes and flags are asked for by the setting, or by a cohort that lies in more than one regime.
    REFORMS = reforms_asked(SETTINGS)
    DELIVERIES = veje_workflow.deliveries_of(SETTINGS, Path(SETTINGS.results) / "private/digests.json")
except VejeError as error:
    raise WorkflowError(str(error))
except Exception as error:
    # A library's message may quote a cell.
    raise WorkflowError(f"veje: {scrubbed(error)}") from None

PRIVATE = f"{SETTINGS.results}/private/{SETTINGS.scenario}"
KEYS = f"{SETTINGS.results}/private/keys/{SETTINGS.scenario}.parquet"
IMPORTED = f"{SETTINGS.results}/private/keys/imported"
WEEKS = f"{SETTINGS.results}/private/weeks"
PRIVATE_PICTURES = f"{PRIVATE}/figures/pictures"
CANDIDATE = f"{PRIVATE}/candidate"
RELEASE = f"{SETTINGS.results}/release"
# Noticed before any job: files that are not as the stage that wrote them left them.
if workflow.is_main_process and (damaged := jobrecords.keep(Path(SETTINGS.results))):
    print(f"veje run: note: {damaged} records of Snakemake's were damaged: made anew", file=sys.stderr)
AGAIN = veje_workflow.again_of(SETTINGS, DELIVERIES, look=workflow.is_main_process)
# The jobs' `veje` is the one that belongs to the running Snakemake, activated or not.
shell.prefix(veje_workflow.environment(SETTINGS, Path(sys.executable).parent))

RELEASED = [f"{RELEASE}/{name}" for name in [*veje_workflow.report_names(SETTINGS).values(), "provenance.json"]]

WANTED = [*RELEASED, PRIVATE_PICTURES]

# Persons without a grant are set beside the cohort where the config keeps them.
NONGRANTS = SETTINGS.comparison.at_risk


def stage_config(stage):
    """Give the settings that a stage may read, as JSON; a change of them reruns the stage.

    A function, because Snakemake would read the braces of a plain string as wildcards.
    """
    return lambda wildcards: veje_workflow.stage_json(SETTINGS, stage)


def stage_code(stage, job=None):
    """Give the digest of a stage's code and of all it imports; Snakemake sees no edits of a package.

    The mark after it is another one when a file of the job is not as it was written or read.
    job: the name of its log, where the stage has more than one.
    """
    return f"{veje_workflow.stage_digest(SETTINGS, stage)} {AGAIN[job or stage]}"


def part_code(stage):
    """Give the same for the parts of a stage, each of which has a mark of its own."""
    return lambda wildcards: stage_code(stage, f"{stage}_{wildcards.scatteritem}")


def import_code(register):
    """Give the digest of the code that converts deliveries."""
    return f"{veje_workflow.code_digest('veje.cli.importing')} {AGAIN[f'import_{register}']}"


def declared_options(register):
    """Write what the config declares of a register's files as options of `veje import`."""
    declared = getattr(SETTINGS.registers, register)
    return f"--encoding {declared.encoding} --separator {shlex.quote(declared.separator)}"


def memory(stage, name):
    """Give the memory that a job asks a cluster for, in MB, by the input of this name."""
    return lambda wildcards, input, attempt: veje_queue.megabytes(SETTINGS, stage, str(input[name]), attempt)


def minutes(stage, name):
    """Give the time that a job asks a cluster for, in minutes, by the input of this name."""
    return lambda wildcards, input, threads, attempt: veje_queue.minutes(
        SETTINGS, stage, str(input[name]), threads, attempt
    )


def kept_distances():
    """Name the folder of the distances that the next run takes over, where the config asks for it."""
    asked = SETTINGS.continuity.distances and not SETTINGS.clusters.sampled
    return f"--out kept={shlex.quote(f'{PRIVATE}/kept')}" if asked else ""


# What the last published run left; no input, or publishing would be a reason to cluster again.
FORMER = shlex.quote(f"{PRIVATE}/kept/profiles.parquet")


def former():
    """Name what the last published run left of its clusters, where the config asks for it."""
    return f"--in former={FORMER}" if SETTINGS.continuity.names else ""


def shared_parts(stage, parts):
    """Give a stage the parts that other jobs make of it; none where it is one job."""
    return parts if veje_workflow.shares(SETTINGS, stage) > 1 else []


def imported(register):
    """Name the converted files of a register, in the order of the config."""
    return [f"{IMPORTED}/{register}/{sha}.parquet" for sha in DELIVERIES[register]]


# How many jobs share a stage: `{scatteritem}` is 1-of-3, 2-of-3, …
scattergather:
    distances=SETTINGS.jobs.distances,
    clusters=SETTINGS.jobs.clusters,
    validation=SETTINGS.jobs.validation,


DREAM_WEEKS = [f"{WEEKS}/{sha}.parquet" for sha in DELIVERIES["dream"]]


def in_turn(sources, targets):
    """Write sources and targets in turn, as `veje import` takes them."""
    return " ".join(shlex.quote(path) for pair in zip(sources, targets, strict=True) for path in pair)


def named_inputs(files):
    """Write several files a name as the options --in name=path."""
    return " ".join(f"--in {shlex.quote(f'{name}={path}')}" for name, paths in files.items() for path in paths)


def named_outputs(output):
    """Write a rule's named outputs as the options --out name=path."""
    return " ".join(f"--out {shlex.quote(f'{name}={path}')}" for name, path in output.items())


onsuccess:
    jobrecords.keep(Path(SETTINGS.results))


onerror:
    jobrecords.keep(Path(SETTINGS.results))
