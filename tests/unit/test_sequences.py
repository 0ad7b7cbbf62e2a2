from __future__ import annotations

from collections import Counter
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.people import table
from veje.branche import FIRST_MONTH, Industry
from veje.errors import BadInput, OverLimit
from veje.lists import read_alphabet, read_codes
from veje.sequences import MISSING, build_sequences, find_rows, needed_weeks, quarter_states
from veje.settings import Sequences, Window
from veje.weekfile import weekly_of
from veje.weeks import column_of, week_of, week_of_column

W, U, S, X = 0, 1, 2, MISSING  # wage earner, unemployed, sick, missing
ALPHABET = read_alphabet(
    pl.DataFrame(
        {
            "state": ["wage_earner", "unemployed", "sick"],
            "label_en": ["Wage earner", "Unemployed", "Sick"],
            "colour": ["#111111", "#222222", "#333333"],
        }
    ),
    "small",
)
LIST = pl.DataFrame(
    {
        "code": ["BLANK", "111", "890", "998"],
        "state": ["wage_earner", "unemployed", "sick", "outside_alphabet"],
    }
)
FOUR_WEEKS = Window(quarters=2, weeks_per_quarter=2)
DECIDED = date(2008, 3, 6)
"""A Thursday in 2008-W10: with two blocks of two weeks the window is 2008-W06 to W09."""


def weeks_of(*rows):
    return np.array(rows, dtype=np.uint8)


def one(row, **options):
    return quarter_states(weeks_of(row), weeks_per_quarter=len(row), **{"min_weeks": 1} | options).tolist()


def textbook(block, tie):
    """The definition, word for word, for one quarter of one person."""
    known = [state for state in block if state != MISSING]
    if not known:
        return MISSING
    counts = Counter(known)
    tied = {state for state, count in counts.items() if count == max(counts.values())}
    if tie == "priority":
        return min(tied)
    order = known if tie == "earliest" else known[::-1]
    return next(state for state in order if state in tied)


@pytest.mark.parametrize(
    ("row", "tie", "state"),
    [
        ([W, U, U, S, S, S], "latest", S),
        ([S, S, S, U, U, W], "latest", S),
        ([W, U, U, W], "latest", W),  # tied: the wage earner's last week is later
        ([W, U, U, W], "earliest", W),
        ([U, W, W, U, S], "earliest", U),
        ([U, S, S, U, W], "latest", U),  # the last week of all is not tied
        ([S, U], "latest", U),
        ([S, U], "earliest", S),
        ([S, U], "priority", U),  # the lowest code, when no order is given
        ([S, S, U, U, W], "priority", U),
        ([X, X, X, U], "latest", U),
        ([X, S, U, X], "latest", U),
        ([X, X], "latest", X),
    ],
)
def test_the_state_with_most_weeks(row, tie, state):
    assert one(row, tie=tie) == [[state]]


@pytest.mark.parametrize(
    ("priority", "state"), [([S, U, W], S), ([U], U), ([W], U), ([S], S), ([7, S], S), ([], U)]
)
def test_priority_puts_the_listed_first_and_the_others_by_code(priority, state):
    assert one([S, U, S, U], tie="priority", priority=priority) == [[state]]


def test_quarters_are_blocks_of_thirteen_weeks_from_the_left():
    row = [W] * 13 + [S] * 6 + [U] * 7 + [U] * 6 + [S] * 7
    assert quarter_states(weeks_of(row, row[::-1])).tolist() == [[W, U, S], [S, U, W]]


def test_a_quarter_needs_its_least_number_of_known_weeks():
    row = [X] * 7 + [U] * 6
    assert quarter_states(weeks_of(row), min_weeks=6).tolist() == [[U]]
    assert quarter_states(weeks_of(row), min_weeks=7).tolist() == [[X]]
    # Known weeks count together, not only those of the winning state.
    mixed = [X] * 6 + [U] * 4 + [W] * 3
    assert quarter_states(weeks_of(mixed), min_weeks=7).tolist() == [[U]]


def test_without_a_number_half_of_a_quarters_weeks_must_be_known():
    for length, known in ((13, 7), (4, 2), (1, 1)):
        for least, state in ((known, U), (known - 1, X)):
            row = [X] * (length - least) + [U] * least
            assert quarter_states(weeks_of(row), weeks_per_quarter=length).tolist() == [[state]]


def test_each_person_may_have_own_edges():
    weeks = weeks_of([W, W, U, U, S, S], [W, W, U, U, S, S])
    edges = np.array([[0, 2, 6], [1, 3, 5]])
    assert quarter_states(weeks, edges=edges, min_weeks=1).tolist() == [[W, S], [U, S]]


def test_a_high_state_code_keeps_its_value():
    assert one([200, 200, 3]) == [[200]]


@pytest.mark.parametrize(
    ("weeks", "options", "words"),
    [
        (np.zeros((1, 26), dtype=np.int64), {}, r"uint8 array, not int64 with shape \(1, 26\)"),
        (np.zeros(26, dtype=np.uint8), {}, r"with shape \(26,\)"),
        (np.zeros((1, 27), dtype=np.uint8), {}, "27 weeks are no multiple of 13"),
        (np.zeros((1, 26), dtype=np.uint8), {"tie": "last"}, "not 'last'"),
    ],
)
def test_what_is_no_array_of_weeks_is_refused(weeks, options, words):
    with pytest.raises(ValueError, match=words):
        quarter_states(weeks, **options)


@given(
    weeks=hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 4), st.just(12)), elements=st.sampled_from([0, 1, 2, 255])
    ),
    length=st.sampled_from([1, 2, 3, 4, 6, 12]),
    tie=st.sampled_from(["latest", "earliest", "priority"]),
)
def test_quarters_follow_the_definition_word_for_word(weeks, length, tie):
    expected = [
        [textbook(row[at : at + length], tie) for at in range(0, 12, length)] for row in weeks.tolist()
    ]
    assert quarter_states(weeks, weeks_per_quarter=length, tie=tie, min_weeks=1).tolist() == expected


# From DREAM's weeks to sequences


def dream(*spells, person=1):
    """A person's weeks: (code, first column, last column)."""
    return [(person, c, week_of_column(a), week_of_column(b)) for c, a, b in spells]


def weekly(spells, cohort, window):
    """The weeks of a file that holds everyone's from the first to the last week of any."""
    low, high = min(a for _, _, a, _ in spells), max(b for _, _, _, b in spells)
    cells = {person: [None] * (high - low + 1) for person, *_ in sorted(spells)}
    for person, code, a, b in spells:
        cells[person][a - low : b - low + 1] = [code] * (b - a + 1)
    assert not any(None in row for row in cells.values()), "a week that no spell tells"
    columns = {column_of(low + at): [row[at] for row in cells.values()] for at in range(high - low + 1)}
    return weekly_of(pl.DataFrame(columns), *needed_weeks(cohort, window))


def cohort_of(*days, area="herning"):
    return table("cohort", [{"person": i, "index_date": day, "area": area} for i, day in enumerate(days, 1)])


def build(spells, cohort=None, codes=LIST, version=None, window=FOUR_WEEKS, **options):
    industry = options.pop("industry", None)
    rows = read_codes(codes, "state", ALPHABET, version, "small")
    settings = Sequences(**{"min_weeks": 1, **options})
    cohort = cohort_of(DECIDED) if cohort is None else cohort
    return build_sequences(weekly(spells, cohort, window), cohort, rows, ALPHABET, settings, window, industry)


def states(result):
    return [[ALPHABET.states[code] for code in row] for row in result.sequences["states"].to_list()]


def week_counts(result):
    return {(row["code"], row["state"]): row["weeks"] for row in result.week_codes.to_dicts()}


def test_the_window_is_the_weeks_before_the_decisions_week():
    spells = dream(("890", "Y_0801", "Y_0805"), ("111", "Y_0806", "Y_0809"), ("890", "Y_0810", "Y_0820"))
    result = build(spells)
    assert states(result) == [["unemployed", "unemployed"]]
    assert week_counts(result) == {("111", "unemployed"): 4}


def test_blank_weeks_are_wage_earners():
    result = build(dream(("", "Y_0801", "Y_0807"), ("890", "Y_0808", "Y_0809")))
    assert states(result) == [["wage_earner", "sick"]]
    assert week_counts(result) == {("", "wage_earner"): 2, ("890", "sick"): 2}


def industry_of(*persons):
    """An industry or none in January, February and March of 2008, one word of y and n a person."""
    return Industry(FIRST_MONTH + np.arange(3), np.array([[c == "y" for c in person] for person in persons]))


def told_weeks(result):
    return {(r["code"], r["state"], r["industry"]): r["weeks"] for r in result.week_codes.to_dicts()}


def test_blank_weeks_without_an_industry_support_themselves():
    # W09 has its Thursday on 28 February, W05 on 31 January.
    spells = [
        *dream(("", "Y_0801", "Y_0809")),
        *dream(("", "Y_0801", "Y_0807"), ("890", "Y_0808", "Y_0809"), person=2),
        *dream(("111", "Y_0801", "Y_0807"), ("", "Y_0808", "Y_0809"), person=3),
    ]
    cohort = cohort_of(DECIDED, DECIDED, DECIDED)
    split = {"industry": industry_of("nyn", "yny", "nnn"), "self_supporting": "sick"}
    result = build(spells, cohort, **split)
    assert states(result) == [["wage_earner"] * 2, ["sick", "sick"], ["unemployed", "sick"]]
    assert told_weeks(result) == {
        ("", "wage_earner", "present"): 4,
        ("", "sick", "absent"): 4,
        ("111", "unemployed", None): 2,
        ("890", "sick", None): 2,
    }


def test_blank_weeks_before_2008_stay_and_are_counted():
    cohort = cohort_of(date(2008, 1, 17))  # the window is 2007-W51 to 2008-W02
    spells = dream(("", "Y_0740", "Y_0810"))
    result = build(spells, cohort, industry=industry_of("nnn"), self_supporting="sick")
    assert states(result) == [["wage_earner", "sick"]]
    assert told_weeks(result) == {("", "wage_earner", "unknown"): 2, ("", "sick", "absent"): 2}


def test_blank_weeks_that_the_list_does_not_know_are_not_split():
    late = LIST.with_columns(valid_from=pl.when(pl.col("code") == "BLANK").then(pl.lit("2008-02-18")))
    split = {"industry": industry_of("nnn"), "self_supporting": "sick"}
    result = build(dream(("", "Y_0801", "Y_0809")), codes=late, unknown_limit=1, **split)
    assert states(result) == [["missing", "sick"]]
    assert told_weeks(result) == {("", None, None): 2, ("", "sick", "absent"): 2}


def test_without_blank_weeks_there_is_nothing_to_split():
    spells = dream(("111", "Y_0801", "Y_0809"))
    result = build(spells, industry=industry_of("nnn"), self_supporting="sick")
    assert told_weeks(result) == {("111", "unemployed", None): 4}


def test_blank_weeks_are_not_split_unless_asked_for():
    result = build(dream(("", "Y_0801", "Y_0809")))
    assert told_weeks(result) == {("", "wage_earner", None): 4}


def test_unknown_codes_stop_the_run_and_are_counted_by_code(told):
    spells = dream(("", "Y_0801", "Y_0806"), ("666", "Y_0807", "Y_0808"), ("777", "Y_0809", "Y_0812"))
    with pytest.raises(OverLimit) as error:
        build(spells)
    assert error.value.exit_code == 11
    assert told(error) == (
        "dream: codes not valid in the code list: 666 (2 weeks), 777 (1 weeks); 3 of 4 weeks "
        "is above sequences.unknown_limit (0)"
    )


def test_unknown_codes_below_the_limit_are_missing_and_never_blank():
    spells = dream(("", "Y_0801", "Y_0806"), ("666", "Y_0807", "Y_0809"))
    result = build(spells, unknown_limit=0.75)
    assert states(result) == [["wage_earner", "missing"]]
    assert week_counts(result) == {("", "wage_earner"): 1, ("666", None): 3}
    with pytest.raises(OverLimit, match=r"3 of 4 weeks is above sequences\.unknown_limit \(0\.74\)"):
        build(spells, unknown_limit=0.74)


def test_unknown_codes_outside_the_window_do_not_count():
    spells = dream(("666", "Y_0701", "Y_0805"), ("111", "Y_0806", "Y_0809"), ("666", "Y_0810", "Y_0812"))
    assert week_counts(build(spells)) == {("111", "unemployed"): 4}


def test_an_identifier_that_slipped_into_a_week_is_not_repeated(told):
    spells = dream(("0703581113", "Y_0806", "Y_0809"))
    with pytest.raises(OverLimit) as error:
        build(spells)
    assert "(not shown) (4 weeks)" in told(error)


def test_a_long_list_of_unknown_codes_is_cut(told):
    spells = [row for i in range(1, 16) for row in dream((str(600 + i), "Y_0806", "Y_0809"), person=i)]
    with pytest.raises(OverLimit) as error:
        build(spells, cohort_of(*[DECIDED] * 15))
    assert "612 (4 weeks) and 3 others; 60 of 60 weeks" in told(error)


def test_codes_outside_the_alphabet_are_missing_and_known():
    result = build(dream(("998", "Y_0801", "Y_0807"), ("111", "Y_0808", "Y_0809")))
    assert states(result) == [["missing", "unemployed"]]
    assert week_counts(result) == {("111", "unemployed"): 2, ("998", "missing"): 2}


def test_too_few_known_weeks_make_a_quarter_missing():
    spells = dream(("998", "Y_0806", "Y_0806"), ("111", "Y_0807", "Y_0809"))
    assert states(build(spells, min_weeks=1)) == [["unemployed", "unemployed"]]
    assert states(build(spells, min_weeks=2)) == [["missing", "unemployed"]]


def test_weeks_before_dream_begins_are_missing_and_not_blank():
    result = build(dream(("", "Y_0808", "Y_0820")))
    assert states(result) == [["missing", "wage_earner"]]
    assert week_counts(result) == {("", "wage_earner"): 2}


def test_windows_that_end_after_dreams_last_week_are_refused(told):
    spells = [*dream(("", "Y_0801", "Y_0808")), *dream(("", "Y_0801", "Y_0808"), person=2)]
    for days, words in (
        ((DECIDED, date(2008, 2, 28)), "Y_0805 to Y_0809, the files have Y_0805 to Y_0808: {} 1 of 2"),
        ((DECIDED, DECIDED), "Y_0806 to Y_0809, the files have Y_0806 to Y_0808: {} 2 of 2"),
        ((DECIDED, date(2009, 3, 5)), "Y_0806 to Y_0909, the files have Y_0806 to Y_0808: {} 2 of 2"),
    ):
        with pytest.raises(BadInput) as error:
            build(spells, cohort_of(*days))
        absent = words.format("the last weeks before the grant are not there for")
        assert told(error) == f"dream: the windows need {absent} persons"
        assert error.value.exit_code == 10


def test_windows_without_a_week_of_dream_are_refused(told):
    for first, last in (("Y_0701", "Y_0720"), ("Y_0901", "Y_0920")):
        with pytest.raises(BadInput, match=r"the files have no week of them: .* for 1 of 1 persons"):
            build(dream(("", first, last)))
    spells = [*dream(("", "Y_0808", "Y_0820")), *dream(("", "Y_0808", "Y_0820"), person=2)]
    with pytest.raises(BadInput, match=r"have Y_0808 to Y_0809: .* for 1 of 2 persons"):
        build(spells, cohort_of(DECIDED, date(2008, 2, 14)))


def test_a_code_holds_from_and_to_its_dates_inclusive():
    # W08 begins on 2008-02-18: from then on 890 means sick, before it meant unemployed.
    dated = pl.DataFrame(
        {
            "code": ["890", "890"],
            "state": ["unemployed", "sick"],
            "valid_from": [None, "2008-02-18"],
            "valid_to": ["2008-02-17", None],
        }
    )
    result = build(dream(("890", "Y_0806", "Y_0809")), codes=dated)
    assert states(result) == [["unemployed", "sick"]]
    assert week_counts(result) == {("890", "unemployed"): 2, ("890", "sick"): 2}


def test_a_code_outside_its_dates_is_unknown(told):
    dated = pl.DataFrame({"code": ["890"], "state": ["sick"], "valid_to": ["2008-02-17"]})
    with pytest.raises(OverLimit) as error:
        build(dream(("890", "Y_0806", "Y_0809")), codes=dated)
    assert "890 (2 weeks); 2 of 4 weeks" in told(error)


def test_a_code_limited_to_other_versions_is_unknown():
    versions = pl.DataFrame(
        {
            "code": ["112", "115"],
            "state": ["unemployed", "sick"],
            "valid_from": [None, "v:DREAM1803"],
            "valid_to": ["v:DREAM1802", None],
        }
    )
    old, new = dream(("112", "Y_0806", "Y_0809")), dream(("115", "Y_0806", "Y_0809"))
    assert states(build(old, codes=versions, version="201802")) == [["unemployed"] * 2]
    assert states(build(new, codes=versions, version="201803")) == [["sick"] * 2]
    for spells, version in ((old, "201803"), (new, "201802")):
        with pytest.raises(OverLimit):
            build(spells, codes=versions, version=version)
    # Without a version, all rows hold.
    assert states(build(old, codes=versions)) == [["unemployed"] * 2]


DREAM_ROWS = table(
    "dream", [{"person": p, "source": s, "position": at} for p, s, at in ((2, "b", 0), (1, "a", 7))]
)


def test_grants_without_dream_weeks_are_counted(told):
    with pytest.raises(BadInput) as error:
        find_rows(DREAM_ROWS.head(1), cohort_of(DECIDED, DECIDED, DECIDED))
    assert told(error) == "dream: 2 of 3 persons of the cohort have no row"
    assert error.value.exit_code == 10


def test_rows_are_in_the_order_of_person_numbers():
    cohort = cohort_of(DECIDED, DECIDED)
    for rows in (find_rows(DREAM_ROWS, cohort), find_rows(DREAM_ROWS.reverse(), cohort.reverse())):
        assert rows.rows() == [(1, "a", 7), (2, "b", 0)]


def test_the_weeks_needed_reach_from_the_first_window_to_the_last():
    cohort = cohort_of(DECIDED, date(2008, 2, 14), date(2008, 2, 28))
    assert needed_weeks(cohort, FOUR_WEEKS) == (week_of_column("Y_0803"), week_of_column("Y_0810"))


def test_calendar_quarters_differ_in_length_between_persons():
    # 2004's quarters from the second on hold 13, 14 and 13 weeks: W14, W27, W41 to W53.
    window = Window(anchor="calendar_quarter", quarters=2)
    spells = [
        *dream(("", "Y_0401", "Y_0426"), ("111", "Y_0427", "Y_0433"), ("890", "Y_0434", "Y_0453")),
        *dream(("111", "Y_0401", "Y_0440"), ("890", "Y_0441", "Y_0446"), ("", "Y_0447", "Y_0453"), person=2),
    ]
    result = build(spells, cohort_of(date(2004, 10, 5), date(2005, 1, 5)), window=window, min_weeks=7)
    assert week_counts(result) == {("", "wage_earner"): 20, ("111", "unemployed"): 21, ("890", "sick"): 13}
    # Seven weeks of each in the first person's third quarter: the latest wins.
    assert states(result) == [["wage_earner", "sick"], ["unemployed", "wage_earner"]]


def test_equal_sequences_are_one_with_the_number_of_persons():
    spells = [
        *dream(("890", "Y_0801", "Y_0812")),
        *dream(("", "Y_0801", "Y_0812"), person=2),
        *dream(("111", "Y_0801", "Y_0805"), ("890", "Y_0806", "Y_0809"), ("", "Y_0810", "Y_0812"), person=3),
    ]
    result = build(spells, cohort_of(DECIDED, DECIDED, DECIDED))
    assert result.unique.to_dicts() == [
        {"sequence": 0, "weight": 1, "states": [W, W]},
        {"sequence": 1, "weight": 2, "states": [S, S]},
    ]
    assert result.sequences.select("person", "sequence").rows() == [(1, 1), (2, 0), (3, 1)]


def test_the_order_of_the_cohorts_rows_does_not_matter():
    spells = [
        *dream(("890", "Y_0801", "Y_0807"), ("", "Y_0808", "Y_0812")),
        *dream(("", "Y_0801", "Y_0812"), person=2),
    ]
    cohort = cohort_of(DECIDED, date(2008, 3, 13))
    straight, back = build(spells, cohort), build(spells, cohort.reverse())
    assert straight.sequences["person"].to_list() == [1, 2]
    assert states(straight) == [["sick", "wage_earner"], ["wage_earner", "wage_earner"]]
    assert straight.sequences.equals(back.sequences)
    assert straight.unique.equals(back.unique)
    assert straight.week_codes.equals(back.week_codes)


def test_a_priority_that_the_alphabet_lacks_is_bad_input(told):
    with pytest.raises(BadInput) as error:
        build(dream(("", "Y_0801", "Y_0812")), tie="priority", priority=["sik"])
    assert told(error) == "state 'sik' is not in the alphabet: did you mean 'sick'?"


def test_priority_of_the_config_decides_ties():
    spells = dream(("890", "Y_0806", "Y_0806"), ("111", "Y_0807", "Y_0809"))
    assert states(build(spells, tie="priority", priority=["sick"])) == [["sick", "unemployed"]]
    assert states(build(spells, tie="priority", priority=["unemployed"])) == [["unemployed", "unemployed"]]


def test_all_dream_weeks_of_a_twenty_quarter_window_are_used():
    last = week_of(DECIDED) - 1
    result = build([(1, "111", last - 799, last + 9)], window=Window())
    assert week_counts(result) == {("111", "unemployed"): 260}
    assert result.sequences["states"].to_list() == [[U] * 20]


# Choices that the study left unsaid


@pytest.mark.parametrize(
    ("blank_as", "second"), [(None, "wage_earner"), ("unemployed", "unemployed"), ("missing", "missing")]
)
def test_blank_weeks_can_be_read_as_another_state_or_as_not_known(blank_as, second):
    """Gerda is sick for a quarter; then no transfer is registered."""
    gerda = dream(("890", "Y_0806", "Y_0807"), ("", "Y_0808", "Y_0809"))
    result = build(gerda, blank_as=blank_as)
    assert states(result) == [["sick", second]]
    assert week_counts(result) == {("890", "sick"): 2, ("", second): 2}


def test_a_blank_week_that_the_list_does_not_know_stays_unknown():
    spells = dream(("890", "Y_0806", "Y_0808"), ("", "Y_0809", "Y_0809"))
    result = build(spells, codes=LIST.filter(pl.col("code") != "BLANK"), unknown_limit=1, blank_as="sick")
    assert week_counts(result) == {("890", "sick"): 3, ("", None): 1}


def test_reversed_rows_number_the_same_sequences_from_the_other_end():
    spells = [*dream(("890", "Y_0806", "Y_0809")), *dream(("111", "Y_0806", "Y_0809"), person=2)]
    people = cohort_of(DECIDED, DECIDED)
    plain, turned = (build(spells, people, rows=rows) for rows in ("sorted", "reversed"))
    assert states(plain) == states(turned) == [["sick"] * 2, ["unemployed"] * 2]
    assert plain.unique["states"].to_list() == turned.unique["states"].to_list()[::-1]
    for made in (plain, turned):
        own = made.sequences.join(made.unique, on="sequence", suffix="_unique")
        assert own["states"].to_list() == own["states_unique"].to_list()
        assert sorted(made.sequences["sequence"]) == [0, 1]
