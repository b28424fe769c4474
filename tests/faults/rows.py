"""Fault matrix: what can go wrong on a person's machine, what holds then, and the tests of it.

A test carries the marker `fault` with the numbers of its rows: `pytest -m fault` runs them all,
`pytest --fault 7` those of one row. tests/README.md has the same table to read.
"""

from typing import NamedTuple


class FaultRow(NamedTuple):
    """A fault, the promise that holds under it, and the tests that inject it.

    `tests` are files, or tests as `file::name`, below the folder of the tests.
    """

    fault: str
    promise: str
    tests: tuple[str, ...]


FAULTS: dict[int, FaultRow] = {
    1: FaultRow(
        "program killed while an answer is written",
        "the question stays, the answer up to its last second, marked as interrupted",
        ("faults/test_row_01_killed_while_writing.py",),
    ),
    2: FaultRow(
        "engine killed",
        "what was written stays, the next question is answered",
        (
            "engine/runtime/test_engine_child.py::test_a_killed_child_is_said_and_the_next_question_works",
            "core/test_child_process.py::test_a_killed_child_is_replaced_at_the_next_request",
            "chat/test_answer.py::test_a_dead_engine_keeps_what_was_written",
        ),
    ),
    3: FaultRow(
        "killed while a folder is read",
        "each file is wholly in or out, and reading goes on",
        (
            "faults/test_row_03_killed_while_reading.py",
            "library/serving/test_library_child.py::test_a_killed_child_goes_on_where_it_was",
        ),
    ),
    4: FaultRow(
        "killed while the index is written",
        "the index is that of a library built in peace",
        ("faults/test_row_03_killed_while_reading.py",),
    ),
    5: FaultRow(
        "killed while a model is copied, downloaded or made",
        "no half file is listed; a download goes on where it was",
        (
            "faults/test_row_05_copy_killed.py",
            "app/test_app.py::test_what_a_killed_copy_left_is_removed",
            "courier/test_fetching.py::test_a_killed_fetch_goes_on_where_it_was",
        ),
    ),
    6: FaultRow(
        "killed while a database changes its form",
        "the form is the old or the new one, and a copy of the old exists",
        ("faults/test_row_06_migration_killed.py",),
    ),
    7: FaultRow(
        "killed while a backup is made or read, or chats are exported",
        "earlier backups and the file before stay whole",
        ("faults/test_row_07_backup_killed.py",),
    ),
    8: FaultRow(
        "power lost",
        "what was shown as saved is on the drive",
        ("faults/test_row_08_power_lost.py::test_what_was_shown_as_saved_is_on_the_drive",),
    ),
    9: FaultRow(
        "disk full in a chat",
        "nothing on the screen is lost; it is saved when there is room; what was saved is read",
        (
            "faults/test_row_09_full_disk.py",
            "app/test_app.py::test_a_second_question_on_a_full_disk_goes_on_in_the_same_chat",
            "chat/test_answer.py::test_a_full_disk_costs_nothing",
            "core/test_database.py::test_a_full_disk_says_so_and_keeps_what_was_saved",
        ),
    ),
    10: FaultRow(
        "disk full while a folder is read or a model downloaded",
        "it stops with a sentence, nothing is half",
        (
            "library/serving/test_error_borders.py::test_a_sync_is_stopped_on_a_full_disk",
            "library/sync/test_library_records.py::test_a_full_disk_leaves_nothing_half",
            "library/sync/test_sync_queue.py::test_no_folder_is_read_for_ever_on_a_full_disk",
            "courier/test_fetching.py::test_no_room_and_a_disk_that_refuses",
        ),
    ),
    11: FaultRow(
        "bad blocks under a document",
        "the file is left out with a reason, the others are read",
        ("faults/test_row_11_disk_fails.py::test_a_file_on_bad_blocks_is_skipped_with_a_reason",),
    ),
    12: FaultRow(
        "read-only data folder",
        "it is said, and nothing in it changes",
        (
            "faults/test_row_11_disk_fails.py::test_a_read_only_data_folder_is_said_and_left_as_it_is",
        ),
    ),
    13: FaultRow(
        "a document that may not be read",
        "it is listed as skipped",
        ("faults/test_row_13_unreadable_file.py",),
    ),
    14: FaultRow(
        "a document changes while it is read",
        "old and new text are never mixed",
        (
            "faults/test_row_15_changed_while_read.py::test_old_and_new_text_are_never_mixed",
            "library/extractors/test_extractor_pool.py::test_what_was_put_in_a_files_place_is_not_opened",
        ),
    ),
    15: FaultRow(
        "a document goes or gets another name while it is read",
        "nothing is cited that is not there",
        (
            "faults/test_row_15_changed_while_read.py::test_a_file_that_goes_is_not_cited_as_if_it_were_there",
            "faults/test_row_15_changed_while_read.py::test_a_file_that_gets_another_name_is_found_under_it",
        ),
    ),
    16: FaultRow(
        "damaged index",
        "it is noticed and built anew",
        (
            "library/index/test_vector_index.py::test_a_damaged_index_is_built_anew",
            "library/index/test_vector_store.py::test_a_damaged_chroma_folder_is_an_error_of_the_store",
            "library/sync/test_library_integrity_check.py::test_a_damaged_vector_is_made_anew",
        ),
    ),
    17: FaultRow(
        "damaged chats",
        "what its whole pages hold comes back, the rest from a daily copy",
        (
            "chat/test_chat_salvage.py",
            "app/test_app.py::test_damaged_chats_are_kept_aside_and_said",
        ),
    ),
    18: FaultRow(
        "a database without its log, or with another's",
        "the chats are there",
        ("faults/test_row_08_power_lost.py::test_a_database_without_its_own_log_opens",),
    ),
    19: FaultRow(
        "a model's file is cut, before or after it was loaded",
        "it is refused, or one child ends and the next model works",
        (
            "faults/test_row_19_model_truncated.py::test_a_file_cut_while_it_is_mapped_ends_one_child",
            "engine/runtime/test_engine_child.py::test_a_truncated_model_is_said",
        ),
    ),
    20: FaultRow(
        "no memory to load a model",
        "it is estimated first; a smaller context is taken or offered",
        (
            "engine/runtime/test_load_fallback.py::test_a_smaller_cache_is_taken_when_there_is_no_room",
            "engine/runtime/test_engine_client.py::test_a_death_while_loading_says_so_and_whether_memory_ran_out",
            "end2end/test_command_line.py::test_a_model_too_large_for_memory",
        ),
    ),
    21: FaultRow(
        "no memory to read a document",
        "that file is left out",
        (
            "library/extractors/test_extractor_pool.py::test_a_file_that_takes_too_much_memory_is_given_up",
        ),
    ),
    22: FaultRow(
        "graphics card lost",
        "it is left alone, said, and the processor answers",
        (
            "app/models/test_engine_watch.py::test_the_card_of_a_crashed_answer_is_left_alone_and_said",
            "packaging/test_left_devices.py",
        ),
    ),
    23: FaultRow(
        "a second program on the same data",
        "the first comes to the front; what a killed one left is replaced",
        (
            "app/test_app.py::test_a_root_has_one_owner_and_the_second_hands_over",
            "channel/test_commands_beside.py::test_what_a_killed_holder_left_is_replaced",
        ),
    ),
    24: FaultRow(
        "the clock jumps",
        "order stays, no wait hangs, no backup goes",
        ("faults/test_row_24_clock_jumps.py",),
    ),
    25: FaultRow(
        "the machine sleeps",
        "an answer goes on; nothing is taken for hung",
        ("faults/test_row_19_model_truncated.py::test_a_machine_that_slept_goes_on_writing",),
    ),
    26: FaultRow(
        "odd file names",
        "they are read, shown and deleted",
        (
            "library/sync/test_folder_scanner.py::test_names_of_odd_bytes_survive",
            "library/sync/test_library_records.py::test_a_name_of_odd_bytes_is_kept_and_can_be_shown",
            "library/serving/test_library_child.py::test_a_folder_of_odd_bytes_can_be_added",
            "library/extractors/test_extractor_pool.py::test_a_name_of_odd_bytes_can_be_read",
        ),
    ),
    27: FaultRow(
        "a hundred thousand files",
        "memory stays flat, stopping is possible, reading goes on",
        (
            "faults/test_row_27_many_files.py::test_many_files_cost_no_more_memory_and_go_on_after_a_stop",
        ),
    ),
    28: FaultRow(
        "a text of gigabytes",
        "it is left out with its size named, memory stays flat",
        (
            "faults/test_row_27_many_files.py::test_a_text_of_gigabytes_is_left_out_with_its_size_named",
        ),
    ),
    29: FaultRow(
        "a drive is unplugged",
        "its documents stay known, nothing is deleted",
        (
            "library/sync/test_folder_sync.py::test_an_unplugged_drive_leaves_an_empty_mount_point",
            "library/sync/test_folder_sync.py::test_a_drive_unplugged_during_the_scan",
            "library/sync/test_folder_sync.py::test_a_drive_unplugged_while_it_is_read_loses_no_old_text",
        ),
    ),
    30: FaultRow(
        "another program holds a file (Windows)",
        "it is tried again for some seconds, then said",
        ("faults/test_row_30_file_held.py",),
    ),
    31: FaultRow(
        "reading a document never ends",
        "it is given up and left out",
        (
            "library/extractors/test_extractor_pool.py::test_a_file_that_takes_too_long_is_given_up",
            "library/extractors/test_extractor_pool.py::test_a_reader_that_never_starts_is_given_up",
        ),
    ),
    32: FaultRow(
        "a child hangs",
        "it is ended when it does not stop, and the next request starts another",
        (
            "engine/runtime/test_engine_child.py::test_a_hung_child_is_killed_when_stop_is_not_answered",
            "core/test_child_process.py::test_a_child_that_does_not_listen_is_killed_at_stop",
        ),
    ),
    33: FaultRow(
        "an older version opens newer data",
        "it refuses and leaves the file as it is",
        ("core/test_database.py::test_a_newer_file_is_refused_and_left_as_it_is",),
    ),
    34: FaultRow(
        "damaged settings",
        "defaults hold, the damaged file is kept",
        (
            "core/test_state_files.py::test_damage_is_moved_aside_and_reported",
            "core/test_settings.py::test_a_damaged_file_is_kept_and_the_defaults_hold",
        ),
    ),
    35: FaultRow(
        "few file descriptors",
        "a sentence, no traceback; 64 are enough",
        ("faults/test_row_35_few_descriptors.py",),
    ),
}


def rows_of(node_id: str) -> list[int]:
    """Return the rows that a test belongs to; `node_id` as pytest says it, from the repository."""
    name = node_id.removeprefix("tests/").partition("[")[0]
    return [
        number
        for number, row in FAULTS.items()
        if any(name == test or name.startswith(f"{test}::") for test in row.tests)
    ]


def as_table() -> str:
    """Return the matrix as a Markdown table."""
    lines = ["| | fault | promise | tests |", "|---|---|---|---|"]
    for number, row in FAULTS.items():
        tests = "<br>".join(f"`{test}`" for test in row.tests)
        lines.append(f"| {number} | {row.fault} | {row.promise} | {tests} |")
    return "\n".join(lines)
