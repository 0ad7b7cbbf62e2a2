from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from veje import io
from veje.errors import BadInput
from veje.versions import check_last_week, check_version, dream_version, full_version, version_of
from veje.weeks import week_of_column


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("DREAM202606", "202606"),
        ("DREAM202606.sas7bdat", "202606"),
        ("Dream201801.sas7bdat", "201801"),
        ("csvdream1511.csv", "201511"),
        ("dream0907", "200907"),
        ("DREAM_200912.parquet", "200912"),
        ("dream-9112.csv.gz", "199112"),
        ("/data/DREAM201801/dream2506.dta", "202506"),
        (r"E:\Data\Workdata\dream9112.csv", "199112"),
        ("dream.csv", None),
        ("DREAM_uger.csv", None),
        ("dream20180115.csv", None),
        ("dream18.csv", None),
        ("AMFO2004.parquet", None),
        ("/data/DREAM201801/weeks.csv", None),
    ],
)
def test_versions_in_file_names(name, version):
    assert version_of(name) == version


@pytest.mark.parametrize(
    "name",
    ["DREAM201813", "dream1500.csv", "Dream2018.csv", "dream150101.csv", "dream199013.csv", "dream199001"],
)
def test_a_month_that_is_none_is_refused(name, told):
    with pytest.raises(BadInput) as error:
        version_of(f"deliveries/{name}")
    digits = "".join(c for c in name if c.isdigit())
    assert told(error) == f"{name}: {digits} is no month of the form YYMM or YYYYMM"


@given(st.integers(1991, 2090), st.integers(1, 12), st.sampled_from(["DREAM", "dream_", "csvDream"]))
def test_both_forms_name_the_same_version(year, month, prefix):
    version = f"{year}{month:02d}"
    assert version_of(f"{prefix}{version}.csv") == version
    assert version_of(f"{prefix}{version[2:]}.csv") == version
    assert full_version(version[2:]) == version


def test_the_configured_version_wins_where_names_have_none():
    assert dream_version(["dream.csv"], "200912") == "200912"
    assert dream_version(["DREAM200912.parquet"], "200912") == "200912"
    assert dream_version(["DREAM200912.parquet"], None) == "200912"
    assert dream_version(["dream0912_a.csv", "DREAM200912_b.csv", "rest.csv"], None) == "200912"
    assert dream_version(["dream.csv"], None) is None
    assert dream_version([], None) is None


@pytest.mark.parametrize("configured", [None, "201907"])
def test_two_versions_are_never_spliced(configured, told):
    with pytest.raises(BadInput) as error:
        dream_version(["x/DREAM201907.csv", "x/dream1801.csv"], configured)
    assert told(error) == (
        "dream: two versions are never spliced: dream1801.csv is 201801 and DREAM201907.csv is 201907"
    )


def test_a_configured_version_that_the_name_contradicts_is_refused(told):
    with pytest.raises(BadInput) as error:
        dream_version(["x/DREAM201907.csv"], "201801")
    assert told(error) == "DREAM201907.csv: is version 201907, not 201801 as registers.dream.version says"


def test_the_faulty_version_is_refused_and_its_neighbours_are_not(told):
    listed = io.read_list("dream_versions", "codes")
    with pytest.raises(BadInput) as error:
        check_version("202110", listed)
    assert told(error) == (
        "dream: version 202110 is faulty and refused: the ends of maternity and sickness benefit are wrong"
    )
    for version in ("202109", "202111", "201803", "202506", None):
        check_version(version, listed)


def test_a_faulty_list_of_versions_is_refused(told):
    listed = io.read_list("dream_versions", "codes")
    with pytest.raises(BadInput, match="no column 'status'"):
        check_version("202110", listed.drop("status"))
    odd = listed.with_columns(pl.lit("fautly").alias("status"))
    with pytest.raises(BadInput) as error:
        check_version("202110", odd)
    assert told(error) == "list dream_versions: 3 lines have a status not in faulty, break"


@pytest.mark.parametrize(
    ("last", "version", "behind"),
    [
        ("Y_2627", "202606", None),  # past the month: documented
        ("Y_2652", "202606", None),
        ("Y_2626", "202606", None),
        ("Y_2613", "202606", None),  # its Thursday is 26 March: three months
        ("Y_2609", "202606", 4),
        ("Y_2523", "202606", 12),
        ("Y_2009", "202606", 76),
        ("Y_2009", None, None),
    ],
)
def test_a_last_week_long_before_the_versions_month_is_told(last, version, behind):
    line = check_last_week(week_of_column(last), version)
    if behind is None:
        assert line is None
    else:
        assert line is not None
        assert f"version {version}, but its last week is {last}, {behind} months before" in line
        assert "\n" not in line
