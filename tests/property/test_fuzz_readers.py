"""Garbled files of records are read or refused, and every piece of them becomes a record or a reason."""

from fuzz_records import fuzz_records, rendered_seeds


def test_garbled_files_of_every_format_end_as_records_or_reasons() -> None:
    report = fuzz_records(rendered_seeds(), 3_000, seed=1)
    assert report.inputs == 3_000
    assert report.outcomes["ParsedRecord"] > 1_500
    assert report.outcomes["RejectedRecord"] > 1_500
    assert report.refused > 100
