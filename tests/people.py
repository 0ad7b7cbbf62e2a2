"""Named people with a story, and the people who must not match.

One story is one register history. Every test that needs a person takes one from here, so that a
failing test says who was treated wrongly: Hanne's second decision, Svend's removal, Kurt's old grant.
Their personal numbers are made up; several begin with the zero that number columns lose.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from veje.contracts import contract, register
from veje.importing import import_file
from veje.settings import Cohort
from veje.weeks import column_of, week_of

HERNING, HOLSTEBRO, SILKEBORG, VIBORG, AARHUS = "657", "661", "740", "791", "751"

STUDY = Cohort.model_validate(
    {
        "from": "2007-07-01",
        "to": "2009-03-31",
        "municipalities": {
            HERNING: "herning",
            HOLSTEBRO: "holstebro",
            SILKEBORG: "silkeborg",
            VIBORG: "viborg",
        },
    }
)


@dataclass(frozen=True)
class Decision:
    """One row of the grant register."""

    day: date
    kind: str = "grant"
    case: str | None = "1"
    municipality: str | None = HERNING
    diagnosis: str | None = None


@dataclass(frozen=True)
class Person:
    """Somebody with a story, and what the registers hold of it."""

    name: str
    number: int
    pnr: str
    story: str
    decisions: tuple[Decision, ...]
    homes: tuple[tuple[date, str | None], ...] = ()
    born: date | None = None


D = date
MATCHING = (
    Person(
        "Torben",
        1,
        "0703581113",
        "welder in Herning, back pain; one grant, the day before his 50th birthday",
        (Decision(D(2008, 3, 6), diagnosis="M54"),),
        ((D(2007, 12, 31), HERNING),),
        D(1958, 3, 7),
    ),
    Person(
        "Hanne",
        2,
        "1206601114",
        "two decisions in one case: the pension was raised; the latest one counts",
        (
            Decision(D(2008, 2, 1), case="7", municipality=HOLSTEBRO, diagnosis="F32"),
            Decision(D(2008, 6, 12), case="7", municipality=HOLSTEBRO, diagnosis="F33"),
        ),
        (),
        D(1960, 6, 12),
    ),
    Person(
        "Jytte",
        3,
        "0101501115",
        "decided on the window's first day",
        (Decision(D(2007, 7, 1), municipality=SILKEBORG),),
        (),
        D(1950, 1, 1),
    ),
    Person(
        "Verner",
        4,
        "3112491117",
        "decided on the window's last day; the grant register has no case number for him",
        (Decision(D(2009, 3, 31), case=None, municipality=VIBORG),),
        (),
        D(1949, 12, 31),
    ),
    Person(
        "Inge",
        5,
        "0510651118",
        "granted in the window, and again in another case a year later: the first counts",
        (
            Decision(D(2007, 10, 10), case="1", municipality=VIBORG, diagnosis="F20"),
            Decision(D(2008, 11, 3), case="2", municipality=HERNING, diagnosis="F29"),
        ),
    ),
    Person(
        "Mogens",
        6,
        "0809551119",
        "no municipality in the grant register; moved from Viborg to Herning in 2007",
        (Decision(D(2008, 3, 3), municipality=None),),
        ((D(2006, 12, 31), VIBORG), (D(2007, 12, 31), HERNING), (D(2008, 12, 31), AARHUS)),
        D(1955, 9, 8),
    ),
    Person(
        "Alma",
        7,
        "2902641112",
        "born on a leap day; refused in 2006, granted in 2009 on the day before March",
        (
            Decision(D(2006, 5, 5), kind="refusal", case="1", municipality=HERNING),
            Decision(D(2009, 2, 28), case="2", municipality=HERNING),
        ),
        (),
        D(1964, 2, 29),
    ),
)
NOT_MATCHING = (
    Person("Rita", 11, "0203611121", "refused only", (Decision(D(2008, 4, 4), kind="refusal"),)),
    Person("Bent", 12, "0304621122", "re-assessed only", (Decision(D(2008, 4, 4), kind="reassessment"),)),
    Person(
        "Kurt",
        13,
        "0405631123",
        "first granted in 2005; the grant in the window is his second",
        (Decision(D(2005, 1, 20), case="1"), Decision(D(2008, 1, 20), case="2")),
    ),
    Person("Else", 14, "0506641124", "granted in Aarhus", (Decision(D(2008, 4, 4), municipality=AARHUS),)),
    Person("Poul", 15, "0607651125", "granted the day before the window", (Decision(D(2007, 6, 30)),)),
    Person("Tove", 16, "0708661126", "granted the day after the window", (Decision(D(2009, 4, 1)),)),
    Person(
        "Svend",
        17,
        "0809671127",
        "moved from Herning to Aarhus before his decision; the register names no municipality",
        (Decision(D(2008, 3, 3), municipality=None),),
        ((D(2006, 12, 31), HERNING), (D(2007, 12, 31), AARHUS)),
    ),
    Person("Karl", 18, "0910681128", "no known residence", (Decision(D(2008, 3, 3), municipality=None),)),
    Person(
        "Grethe",
        19,
        "1011691129",
        "came to Herning after her decision: her residence on the day is not known",
        (Decision(D(2008, 3, 3), municipality=None),),
        ((D(2008, 12, 31), HERNING),),
    ),
    Person(
        "Uffe",
        20,
        "1112701120",
        "two decisions in one case, the latest after the window",
        (Decision(D(2008, 1, 10), case="9"), Decision(D(2009, 5, 2), case="9")),
    ),
)
EVERYONE = MATCHING + NOT_MATCHING
BY_NAME = {person.name: person for person in EVERYONE}


def number_of(name: str) -> int:
    """Give a person's surrogate number."""
    return BY_NAME[name].number


def names_of(numbers: pl.Series) -> list[str]:
    """Give the names behind surrogate numbers."""
    known = {person.number: person.name for person in EVERYONE}
    return [known[number] for number in numbers]


def grants_of(*names: str) -> pl.DataFrame:
    """Give the typed grant table of the named people (of all, without names)."""
    rows = [
        {
            "person": person.number,
            "case": decision.case,
            "decision_date": decision.day,
            "decision": decision.kind,
            "basis": None,
            "municipality": decision.municipality,
            "diagnosis": decision.diagnosis,
        }
        for person in _people(names)
        for decision in person.decisions
    ]
    return table("grants", rows)


def bef_of(*names: str) -> pl.DataFrame:
    """Give the typed population table of the named people; one without a home has one snapshot of 2006."""
    rows = [
        {
            "person": person.number,
            "status_date": day,
            "birth_date": person.born,
            "municipality": home,
        }
        for person in _people(names)
        for day, home in person.homes or ((date(2006, 12, 31), None),)
    ]
    return table("bef", rows)


def table(name: str, rows: list[dict[str, object]]) -> pl.DataFrame:
    """Give rows as a table of a contract; columns that no row names are null."""
    return pl.DataFrame(rows, schema=dict(contract(name).types))


def _people(names: tuple[str, ...]) -> list[Person]:
    return [BY_NAME[name] for name in names] if names else list(EVERYONE)


# The same people as their registers are delivered: every cell text, personal numbers in clear.

KINDS = {"grant": "1", "refusal": "2", "reassessment": "3"}
WEEKS = range(week_of(D(2002, 1, 7)), week_of(D(2009, 12, 28)) + 1)


def delivered() -> dict[str, pl.DataFrame]:
    """Give the registers of everyone as text frames under the delivered names."""
    pnr = {person.number: person.pnr for person in EVERYONE}
    text = pl.col("decision_date", "case", "municipality", "diagnosis").cast(pl.String)
    grants = grants_of().with_columns(text, pl.col("decision").replace_strict(KINDS))
    return {
        "dream": pl.DataFrame([{"PNR": p.pnr, **_weeks(p)} for p in EVERYONE]),
        "grants": grants.select(
            pl.col("person").replace_strict(pnr).alias("PNR"),
            pl.col("case").alias("SAGSNR"),
            pl.col("decision_date").alias("AFGDATO"),
            pl.col("decision").alias("AFGTYPE"),
            pl.col("municipality").alias("KOM"),
            pl.col("diagnosis").alias("DIAG1"),
        ),
        "bef": bef_of().select(
            pl.col("person").replace_strict(pnr).alias("PNR"),
            pl.col("status_date").cast(pl.String).alias("REFERENCETID"),
            pl.lit("2").alias("KOEN"),
            pl.col("birth_date").cast(pl.String).alias("FOED_DAG"),
            pl.col("municipality").alias("KOM"),
        ),
        "amfo": pl.DataFrame(
            {
                "PNR": [BY_NAME["Torben"].pnr, BY_NAME["Hanne"].pnr],
                "FORANST": ["01", "01"],
                "STARTDTO": ["20060102", "20070305"],
                "SLUTDTO": ["20060312", "20070401"],
            }
        ),
        "udda": pl.DataFrame({"PNR": [p.pnr for p in MATCHING], "HFAUDD": ["30"] * len(MATCHING)}),
        "lmdb": pl.DataFrame({"PNR": [BY_NAME["Hanne"].pnr], "ATC": ["N06AB04"], "EKSD": ["2008-05-02"]}),
        "parents": pl.DataFrame(
            {"PNR": [BY_NAME["Alma"].pnr], "MOR_ID": [BY_NAME["Kurt"].pnr], "FAR_ID": [None]},
            schema_overrides={"FAR_ID": pl.String},
        ),
        "offl": pl.DataFrame(
            {
                "PNR": [BY_NAME["Hanne"].pnr],
                "PTI_TILSTAND_KODE": ["1030"],
                "PTI_VFRA": ["2007-12-03"],
                "PTI_VTIL": ["2007-12-30"],
                "PTI_TIMER_PER_UGE": ["37"],
            }
        ),
        "ind": _yearly("PERINDKIALT_13", "182000"),
        "idap": _yearly("ARLEDGR", "400"),
        "deaths": pl.DataFrame({"PNR": [BY_NAME["Poul"].pnr], "DODDATO": ["2009-10-11"]}),
        "cases": pl.DataFrame(
            {
                "PNR": [BY_NAME["Hanne"].pnr],
                "AFGDATO": ["2008-06-01"],
                "ANSDATO": ["2008-02-01"],
                "SAGSTART": ["2008-03-01"],
            }
        ),
        "migration": pl.DataFrame(
            {
                "PNR": [BY_NAME["Inge"].pnr] * 2,
                "HAEND_DATO": ["1999-02-01", "2001-08-31"],
                "INDUD_KODE": ["U", "I"],
            }
        ),
    }


def _yearly(column: str, amount: str) -> pl.DataFrame:
    """Give everyone who matches the same amount in 2006, 2007 and 2008."""
    pairs = [(person.pnr, str(year)) for person in MATCHING for year in (2006, 2007, 2008)]
    return pl.DataFrame(
        {"PNR": [pnr for pnr, _ in pairs], "AAR": [year for _, year in pairs], column: [amount] * len(pairs)}
    )


def _weeks(person: Person) -> dict[str, str]:
    """Give a person's weekly codes: own work, then by turns sickness, cash and unemployment benefit."""
    code = ("890", "130", "111")[person.number % 3]
    fell_ill = WEEKS.start + 200 + 7 * person.number
    return {column_of(week): code if week >= fell_ill else "" for week in WEEKS}


def deliver(folder: Path, suffix: str = ".csv") -> dict[str, Path]:
    """Write everyone's registers to a folder; gives the file of each register."""
    paths = {name: folder / f"{name.upper()}{suffix}" for name in delivered()}
    for name, frame in delivered().items():
        if suffix == ".csv":
            frame.write_csv(paths[name])
        else:
            frame.write_parquet(paths[name])
    return paths


def converted(paths: dict[str, Path], folder: Path) -> dict[str, Path]:
    """Convert delivered files as the workflow does; gives each register's file, and DREAM's `dream_weeks`."""
    files = {name: folder / "imported" / f"{path.stem}.parquet" for name, path in paths.items()}
    weeks = folder / "weeks" / f"{paths['dream'].stem}.parquet"
    for name, path in paths.items():
        import_file(path, files[name], weeks=weeks if name == "dream" else None)
    return files | {"dream_weeks": weeks}


def not_delivered(name: str, columns: Iterable[str]) -> dict[str, None]:
    """Declare the optional columns of a register that a delivery lacks, as a config must."""
    there = {column.lower() for column in columns}
    promised = register(name).columns
    return {n: None for n, s in promised.items() if s.get("optional") and s["delivered"].lower() not in there}


def config_of(paths: dict[str, Path], **changes: object) -> dict[str, object]:
    """Give a config that runs on the delivered files."""
    return {
        "scenario": "people",
        "registers": {
            name: {"files": [str(path)], "columns": not_delivered(name, delivered()[name].columns)}
            for name, path in paths.items()
        },
        "cohort": STUDY.model_dump(mode="json", by_alias=True),
        "disclosure": {"threshold": 3, "rounding": 1, "rule": "made-up people"},
        **changes,
    }
