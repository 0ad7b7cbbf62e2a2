"""Where printed facts exclude each other, and which of them the twin carries."""

from __future__ import annotations

import polars as pl

from veje.published import read_published

# What the twin does about inconsistencies of the publication's register, by their id.
CHOSEN: dict[str, str] = {
    "N10": "545 persons in Herning; the shares of table 6.4 are met within half a point either way",
    "N11": "the classes of table 6.7 hold for 1,045 persons with a measure; 508 have none",
    "N12": "355 measures of commuters in Holstebro",
    "N13": "588 measures of the long-term type in Viborg",
    "N14": "5,805 measures",
    "N15": "the types of the municipal analyses are planted (141, 352, 290, 685, 85); one population "
    "cannot be planted with both, and the pooled N column is not fitted",
    "N16": "persons by type and municipality are those of Bilag 1",
    "N17": "mean quarters per state are those of Bilag 1, not the pooled lists of section 7.2",
    "N18": "measures by type and municipality with the persons of Bilag 1",
    "N19": "the flexjob type's 20 quarters are those of Bilag 1, rehabilitation included",
    "N25": "the flexjob type in Holstebro has its 9.4 quarters of ledighedsydelse, so it comes near "
    "quarter 11, the latest that leaves room for them, before the printed quarter 13 to 15",
    "T17": "the late pattern is planted in all three types that any version names",
    "T18": "early measures end by quarter 7 for most persons, by quarter 10 for the rest",
    "T29": "introduction benefit, self-support and no benefit make up the unknown of table 6.4",
    "T30": "the case persons get their grants between July 2007 and March 2009",
    "T31": "commuters in Silkeborg have their 2.4 quarters of cash benefit",
    "T32": "the kinds of measures are those of tables 7.3 to 7.7, also where section 7.2 ranks others first",
}
# Conflicts that the publication's register does not list: facts of two places, and what the twin does.
FOUND: tuple[tuple[str, str, str, str], ...] = (
    (
        "W01",
        "section 7.2: shifts 4.4, 2.8 and 5.3 of the pooled types",
        "Bilag 1: types of the municipal analyses",
        "the shifts are given to the municipal types, for which none are printed; 2.0 and 3.5 are assumed "
        "for the two types without a figure",
    ),
    (
        "W02",
        "Bilag 1: columns that add to 19.9 or 20.1 quarters",
        "a course of 20 quarters",
        "each column is scaled to 20",
    ),
    (
        "W03",
        "section 7.2: both cash-benefit types end on cash benefit, 34 percent of Herning",
        "table 6.4: 39.5 percent of Herning on cash benefit in quarter 20",
        "the difference is made up of commuters and wage earners whose last quarters are cash benefit; "
        "alike in Silkeborg (28 and 36 percent)",
    ),
    (
        "W04",
        "table 6.4: 6.2 percent of Holstebro on rehabilitation in quarter 20",
        "Bilag 1: 0.0 to 0.7 quarters of it in three of its four types without final cash benefit",
        "commuters in Holstebro hold most of their few quarters of rehabilitation at the end",
    ),
    (
        "W05",
        "section 7.2.1: about 10 quarters before the last spell of cash benefit in the short-term type",
        "Bilag 1: 7.3 to 8.6 quarters of cash benefit in that type",
        "about 12 quarters come before the last spell",
    ),
)


def conflicts() -> pl.DataFrame:
    """Give the conflicts among the facts about sequences and measures: id, fact, other_fact, twin.

    fact and other_fact say where each is printed and what; twin: which one it carries.
    """
    listed = read_published("inconsistencies").filter(pl.col("id").is_in(list(CHOSEN)))
    told = listed.select(
        "id",
        pl.concat_str("location_1", "printed_1", separator=": ").alias("fact"),
        pl.concat_str("location_2", "printed_2", separator=": ", ignore_nulls=True).alias("other_fact"),
        pl.col("id").replace_strict(CHOSEN).alias("twin"),
    )
    found = pl.DataFrame(FOUND, schema=told.columns, orient="row")
    return pl.concat([told, found]).sort("id")
