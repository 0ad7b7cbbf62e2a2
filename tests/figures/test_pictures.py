"""Pictures: drawn from the release alone, the same bytes every time, and no word in the file's metadata."""

from __future__ import annotations

import io as memory
import struct
from inspect import signature
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from PIL import Image

from tests.figures.frames import ALPHABET, AREAS, POOLED, TYPES, only, relabelled, released, sources
from veje.figures import draw_private, draw_public
from veje.figures.bars import draw_timing
from veje.figures.build import PICTURES, file_name
from veje.figures.legend import legend_rows
from veje.figures.paths import draw_distribution, draw_type
from veje.figures.stack import spread, widest
from veje.figures.style import SCENARIO_COLOURS, ink_on, luminance, ramp, styled
from veje.figures.subject import Subject, state_shares
from veje.labels import Labels
from veje.released import Released, type_picture


@pytest.fixture(scope="module")
def drawn() -> dict[str, bytes]:
    return draw_public(released(), AREAS, ALPHABET, ["en"])


def chunks(png: bytes) -> list[bytes]:
    at, found = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append(png[at + 4 : at + 8])
        at += length + 12
    return found


def test_every_picture(drawn) -> None:
    types = {type_picture(key) for key in Released(released(), AREAS).types(POOLED)}
    assert len(types) == 3
    assert set(drawn) == {f"{name}.png" for name in {*PICTURES, *types}}


def test_every_language(drawn) -> None:
    both = {}
    for language in ("en", "da"):
        both |= draw_public(only("flow"), AREAS, ALPHABET, ["en", "da"], [language])
    assert set(both) == {"flow.png", "flow.da.png"}
    assert both["flow.png"] == drawn["flow.png"] != both["flow.da.png"]


def test_names_follow_the_order_of_languages() -> None:
    assert file_name("flow", "da", ["da", "en"]) == "flow.png"
    assert file_name("flow", "en", ["da", "en"]) == "flow.en.png"


def test_no_text_in_the_metadata(drawn) -> None:
    for name, png in drawn.items():
        assert png.startswith(b"\x89PNG"), name
        assert set(chunks(png)) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}, name


def test_the_same_bytes_every_time(drawn) -> None:
    some = only("timing_quarters", "bilag_1", "quality", "flow").sample(fraction=1.0, shuffle=True, seed=3)
    some = some.sort("table", "area", "type_key", "key")
    again = draw_public(some, AREAS, ALPHABET, ["en"])
    assert set(again) == {
        *("quality.png", "flow.png", "timing_heat_map.png", "mean_time.png"),
        "activity_by_type_and_municipality.png",
    }
    assert draw_public(some, AREAS, ALPHABET, ["en"]) == again
    for name in ("quality.png", "flow.png"):
        assert again[name] == drawn[name]


def test_pictures_are_as_wide_as_the_report(drawn) -> None:
    for name, png in drawn.items():
        width, height = Image.open(memory.BytesIO(png)).size
        assert 700 < width <= 1032, name
        assert height < 1600, name


def test_only_what_the_tables_hold_is_drawn() -> None:
    assert set(draw_public(only("flow", "timing"), AREAS, ALPHABET, ["en"])) == {
        "flow.png",
        "timing_classes.png",
    }
    assert draw_public(only("shifts"), AREAS, ALPHABET, ["en"]) == {}


def test_a_distribution_without_types_or_municipalities() -> None:
    frame = only("state_distribution")
    pooled = draw_public(frame.filter(area=POOLED, type_key=""), AREAS, ALPHABET, ["en"])
    assert set(pooled) == {"state_distribution.png"}


def test_public_pictures_take_no_persons() -> None:
    assert list(signature(draw_public).parameters) == [
        *("released", "areas", "alphabet", "languages", "asked"),
    ]


def test_a_withheld_value_is_never_drawn() -> None:
    """A table that wrongly carries a value beside `withheld` gives the picture of one that does not."""
    frame = only("timing_quarters", "bilag_1")
    hidden = pl.col("status") == "withheld"
    assert frame.filter(hidden).height > 20
    leaking = frame.with_columns(pl.when(hidden).then(40.0).otherwise("value").alias("value"))
    assert draw_public(leaking, AREAS, ALPHABET, ["en"]) == draw_public(frame, AREAS, ALPHABET, ["en"])


def test_everything_withheld_still_draws() -> None:
    frame = released().with_columns(
        pl.lit(None, dtype=pl.Float64).alias("value"), pl.lit("withheld").alias("status")
    )
    # No type is shown, so that a picture for each of them has none to show.
    whole = {f"{name}.png" for name, picture in PICTURES.items() if picture.each != "type"}
    assert whole - set(draw_public(frame, AREAS, ALPHABET, ["en"])) <= {
        "timing_classes.png",
        "timing_heat_map.png",
        "activity_by_type_and_municipality.png",
    }


def test_hostile_labels_are_text() -> None:
    hostile = relabelled({"wage_earner": "$\\frac{1}{$ <b>", "cash_benefit": "x" * 200})
    assert draw_public(only("state_distribution"), AREAS, hostile, ["en"])


def test_private_pictures_say_so() -> None:
    made = sources()
    central = made.sequences.head(2).select("states", pl.Series("type_pooled", TYPES[:2]), persons=30)
    drawn = draw_private(made.sequences, made.types, central, AREAS, ALPHABET, ["en", "da"])
    assert set(drawn) == {"index_plot.png", "index_plot.da.png", "medoids.png", "medoids.da.png"}
    for png in drawn.values():
        pixels = np.asarray(Image.open(memory.BytesIO(png)).convert("RGB"))[:100].reshape(-1, 3)
        assert (pixels == (0xB0, 0x00, 0x20)).all(axis=1).sum() > 2000, "the banner"
        assert set(chunks(png)) <= {b"IHDR", b"pHYs", b"IDAT", b"IEND"}
    assert Labels("en", ALPHABET).word("private") == "PRIVATE: single persons - must not leave the server"


def test_shares_above_a_hundred_are_scaled() -> None:
    rows = [
        ("state_distribution", "persons", POOLED, "", f"q01_{state}", "share", "percent", value, "published")
        for state, value in (("wage_earner", 75.0), ("cash_benefit", 50.0))
    ]
    frame = pl.DataFrame(rows, schema=released().columns, orient="row")
    shares = state_shares(Subject(Released(frame, AREAS), ALPHABET, Labels("en", ALPHABET)), POOLED)
    assert shares.sum() == pytest.approx(100)
    assert shares[0, 0] == pytest.approx(60)


def test_bars_write_the_values_of_the_table_and_fit_their_lengths() -> None:
    rows = [
        ("timing", "persons", area, "", key, "share", "percent", value, "published")
        for area in AREAS
        for key, value in (("early", 75.4), ("late", 50.2))
    ]
    frame = pl.DataFrame(rows, schema=released().columns, orient="row")
    figure = draw_timing(Subject(Released(frame, AREAS), ALPHABET, Labels("en", ALPHABET)))
    axes = figure.axes[0]
    assert {text.get_text() for text in axes.texts} == {"75.4", "50.2"}
    ends = [bar.get_x() + bar.get_width() for box in axes.containers for bar in box]
    assert max(ends) == pytest.approx(100)


def test_names_at_the_edge_stay_inside_the_picture() -> None:
    long = relabelled({"unemployment_benefit": "Unemployment benefit and other insurance"})
    for alphabet in (ALPHABET, long):
        for language in ("en", "da"):
            subject = Subject(Released(released(), AREAS), alphabet, Labels(language, alphabet))
            with styled():
                for figure in (draw_distribution(subject), draw_type(subject, TYPES[0])):
                    renderer = figure.canvas.get_renderer()
                    right = max(t.get_window_extent(renderer).x1 for t in figure.axes[0].texts)
                    assert right <= figure.bbox.width


def test_without_any_activity_no_picture_of_it_is_drawn() -> None:
    active = pl.col("table").is_in(["timing", "timing_quarters"]) & (pl.col("key") != "none")
    frame = released().with_columns(
        pl.when(active).then(None).otherwise("value").alias("value"),
        pl.when(active).then(pl.lit("withheld")).otherwise("status").alias("status"),
    )
    drawn = draw_public(frame, AREAS, ALPHABET, ["en"])
    assert not {"timing_classes.png", "timing_heat_map.png"} & set(drawn)
    whole = draw_public(released(), AREAS, ALPHABET, ["en"])
    name = f"{type_picture(TYPES[0])}.png"
    heights = [Image.open(memory.BytesIO(made[name])).size[1] for made in (drawn, whole)]
    assert heights[0] < heights[1], "no strip of activity"


def test_labels_at_the_edge_keep_apart_and_inside() -> None:
    places = spread([1.0, 1.5, 2.0, 97.0, 99.0, 99.5], 6.0, 100.0)
    assert all(b - a >= 6.0 - 1e-9 for a, b in pairwise(places))
    assert min(places) >= 0
    assert max(places) <= 100
    assert spread([10.0, 50.0, 90.0], 6.0, 100.0) == [10.0, 50.0, 90.0]


def test_a_label_stands_only_where_it_fits() -> None:
    low, high = np.array([0.0, 0.0, 0.0, 0.0]), np.array([5.0, 40.0, 40.0, 5.0])
    assert widest(low, high, 2) == (2.5, 20.0)
    assert widest(low, high, 3) is None


def test_colours_are_readable_and_keep_apart_in_grey() -> None:
    for colour in (*ALPHABET.colours, *SCENARIO_COLOURS.values(), *ramp(6)):
        pair = sorted((luminance(colour), luminance(ink_on(colour))))
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4, colour
    for colours in (list(SCENARIO_COLOURS.values()), ramp(6)):
        grey = sorted(luminance(colour) for colour in colours)
        assert min(np.diff(np.sqrt(grey))) > 0.05


def test_the_legend_flows_into_rows() -> None:
    entries = [(f"A rather long name {i}", "#000000") for i in range(9)]
    rows = legend_rows(entries)
    assert len(rows) > 1
    assert [entry for row in rows for _, entry in row] == entries


def test_numbers_as_the_language_writes_them() -> None:
    known = Released(released(), AREAS)
    en, da = (Subject(known, ALPHABET, Labels(code, ALPHABET)) for code in ("en", "da"))
    assert (en.number(1234.5, 1), da.number(1234.5, 1)) == ("1,234.5", "1.234,5")
    assert (en.percent(0.34), da.percent(36.2)) == ("0.3%", "36\N{NO-BREAK SPACE}%")
