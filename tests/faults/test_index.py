"""Every class of fault that concerns files and rows, its pass criterion, and the tests that hold it.

A test is named `file::function`; that each exists is tested here, and that no class is left out.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
TABLE = TESTS.parents[1] / "shared/notes/reliability.md"

INDEX: dict[str, tuple[str, ...]] = {
    "PNR read as number (lost zero)": (
        "faults/test_rows.py::test_a_number_column_never_reaches_a_table_as_one",
        "unit/test_ingest.py::test_the_zero_that_a_number_column_lost_is_restored",
        "unit/test_faults.py::test_ways_to_write_a_number_are_no_faults",
    ),
    "CPR modulus 11": (
        "faults/test_rows.py::test_the_eleven_test_is_never_a_reason_to_refuse",
        "unit/test_faults.py::test_pseudonyms_are_not_checked",
    ),
    "impossible CPR date": (
        "unit/test_faults.py::test_a_number_needs_a_day_that_exists_in_some_year",
        "unit/test_faults.py::test_days_and_months_exist_as_in_the_leap_year_2000",
    ),
    "duplicate PNR where one row a person is declared": (
        "unit/test_faults.py::test_all_copies_of_a_key_are_kept_aside",
        "unit/test_faults.py::test_a_key_of_two_columns_is_shared_across_files_only_when_both_are",
        "unit/test_faults.py::test_persons_twice_in_dream_are_kept_aside_in_every_file",
    ),
    "reversed spell; overlapping spells": (
        "unit/test_faults.py::test_one_bad_cell_is_one_fault_and_the_other_rows_are_untouched",
        "unit/test_faults.py::test_a_spell_of_one_day_is_not_reversed",
        "unit/test_timing.py::test_the_flow_counts_what_became_of_the_records",
        "unit/test_timing.py::test_overlapping_measures_count_a_week_once",
    ),
    "unknown DREAM or measure code": (
        "unit/test_sequences.py::test_unknown_codes_stop_the_run_and_are_counted_by_code",
        "unit/test_cli.py::test_unknown_codes_have_their_own_exit_code",
        "unit/test_timing.py::test_unknown_measures_stop_the_run_and_are_counted_by_code",
    ),
    "missing week column inside the window; week 53; ISO year boundary": (
        "unit/test_ingest.py::test_weeks_that_cannot_be_right_are_refused",
        "unit/test_weeks.py::test_every_week_from_1991_to_2030_goes_to_its_column_and_back",
        "unit/test_weeks.py::test_week_53_exists_in_the_long_years_only",
        "unit/test_weeks.py::test_no_gap_across_a_year_of_53_weeks_in_any_order",
        "workflow/test_bad_input.py::test_bad_delivery_is_one_line_and_changes_nothing",
    ),
    "latin-1 / windows-1252; UTF-8 read as latin-1": (
        "formats/test_delimited.py::test_letters_are_exact_in_the_declared_encoding",
        "formats/test_delimited.py::test_faulty_files_are_refused",
        "formats/test_columnar.py::test_text_that_was_garbled_and_what_is_no_text_is_refused",
        "formats/test_sas.py::test_utf8_text_in_a_file_that_declares_windows_1252_is_refused",
        "faults/test_rows.py::test_no_text_is_read_lossy_and_no_type_is_guessed",
    ),
    "decimal comma; a column that changes type": (
        "unit/test_faults.py::test_numbers_may_have_a_decimal_comma",
        "faults/test_rows.py::test_yearly_files_may_have_a_column_in_different_types",
        "faults/test_rows.py::test_a_column_that_changes_type_on_the_way_down_is_a_value_or_kept_aside",
        "faults/test_rows.py::test_a_column_of_lists_is_refused_with_its_name",
    ),
    "SAS date against datetime against YYYYMMDD number": (
        "faults/test_rows.py::test_known_days_hold_in_every_form",
        "faults/test_rows.py::test_a_date_of_another_kind_is_kept_aside_and_never_another_day",
    ),
    "truncated gzip, Parquet, SAS7BDAT; truncated plain CSV": (
        "formats/test_delimited.py::test_a_cut_or_damaged_gzip_is_refused",
        "formats/test_columnar.py::test_a_cut_or_damaged_file_is_refused",
        "formats/test_sas.py::test_a_cut_file_is_refused_wherever_it_is_cut",
        "formats/test_stata.py::test_a_cut_file_is_refused_wherever_it_is_cut",
        "formats/test_delimited.py::test_faulty_files_are_refused",
        "faults/test_rows.py::test_a_file_cut_at_a_lines_end_is_refused_by_its_number_of_rows",
    ),
    "flipped bits in Parquet intermediates": (
        "faults/test_flips.py::test_no_flip_of_five_hundred_is_silent",
        "faults/test_flips.py::test_every_byte_of_a_footer_is_under_the_seal",
    ),
    "header only, empty file, short row, duplicate header": (
        "formats/test_delimited.py::test_faulty_files_are_refused",
        "formats/test_delimited.py::test_missing_empty_and_unknown_files_are_refused",
        "unit/test_ingest.py::test_rows_refused_by_the_conversion_are_counted_and_kept_aside",
        "formats/test_columnar.py::test_double_names_and_no_rows_are_refused",
    ),
    "CSV injection (`= + - @` tab CR first) in released tables": (
        "faults/test_disk.py::test_no_cell_of_a_released_table_is_a_formula",
        "faults/test_disk.py::test_formulas_get_an_apostrophe",
        "faults/test_disk.py::test_numbers_are_unharmed",
    ),
    "YAML traps (`0101` → 65, `no` → False), `__use_yte__`, unknown keys": (
        "unit/test_config.py::test_yamls_traps_are_refused_and_not_guessed",
        "unit/test_config.py::test_unknown_keys_are_named_with_the_nearest_known_ones",
        "unit/test_config.py::test_files_that_are_no_config",
    ),
    "path traversal, symlinks in a shared tmp": (
        "faults/test_disk.py::test_no_name_of_the_config_leads_out_of_the_results",
        "faults/test_disk.py::test_a_link_under_a_files_name_is_replaced_and_not_followed",
        "faults/test_disk.py::test_a_link_in_a_folders_place_is_taken_away_and_not_emptied",
        "faults/test_disk.py::test_a_folder_that_leads_out_of_the_results_stops_the_start",
        "faults/test_disk.py::test_nothing_is_written_to_the_shared_folder_for_temporary_files",
    ),
    "disk full, read-only results, out of memory": (
        "faults/test_disk.py::test_a_real_full_disk_leaves_the_former_file",
        "faults/test_disk.py::test_a_read_only_disk_is_told",
        "faults/test_disk.py::test_a_conversion_that_finds_no_room_ends_with_30_and_leaves_nothing",
        "faults/test_disk.py::test_every_step_of_writing_may_fail",
        "faults/test_disk.py::test_too_little_memory_has_the_same_exit_code",
    ),
    "world-readable outputs": (
        "faults/test_disk.py::test_files_and_folders_are_closed_whatever_the_umask",
        "faults/test_disk.py::test_what_an_older_run_left_open_is_closed_at_the_start",
        "workflow/test_refusal.py::test_no_result_is_for_others_whatever_the_umask",
    ),
    "identifier in a log, traceback, HTML, PNG chunk, Parquet footer, benchmark, file name, `.snakemake`": (
        "workflow/test_identifiers.py::test_no_byte_holds_a_personal_number",
        "workflow/test_identifiers.py::test_no_file_name_holds_a_personal_number",
        "workflow/test_bad_input.py::test_bad_delivery_is_one_line_and_changes_nothing",
        "unit/test_cli.py::test_an_internal_error_tells_its_kind_and_place_and_no_value",
        "faults/test_leaks.py::test_every_form_in_every_packing_is_found",
        "faults/test_leaks.py::test_numbers_in_a_footers_statistics_are_found",
    ),
}

OF_RUNS = {"kill -9 of any job or of the controller, two starts at once, clock moved"}
"""Classes that concern neither files nor rows."""


@cache
def functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("kind", INDEX)
def test_every_class_has_its_tests(kind: str) -> None:
    assert INDEX[kind]
    for name in INDEX[kind]:
        file, _, function = name.partition("::")
        assert (TESTS / file).is_file(), name
        assert function in functions(TESTS / file), name


def test_no_class_is_left_out() -> None:
    if not TABLE.is_file():
        pytest.skip(f"the table of classes is not there: {TABLE.name}")
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    begin = lines.index("| class | pass criterion |") + 2
    end = begin + next(k for k, line in enumerate(lines[begin:]) if not line.startswith("|"))
    own = {line.split(" | ")[0].removeprefix("| ").strip() for line in lines[begin:end]}
    assert len(own) == end - begin > 15
    assert own == set(INDEX) | OF_RUNS
