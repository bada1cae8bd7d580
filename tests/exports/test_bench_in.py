"""The bench of the import measures what the import does: every row, every check."""

from click.testing import CliRunner

from exports.bench import roster
from webapp.cli_bench import bench


def test_the_made_roster_is_read_whole_and_without_an_error():
    found = roster.ours(roster.make(60))
    assert (found.read, found.review_only, found.ok) == (60, 12, True)
    assert [sheet.unused for sheet in found.sheets] == [("序号",)]
    assert len(found.understood) == 20
    assert roster.bare(roster.make(60)) == 61


def test_slower_or_larger_than_promised_is_missed():
    assert roster.Figures(10, 1.0, 1.5, 400).reached
    assert not roster.Figures(10, 1.0, 1.51, 400).reached
    assert not roster.Figures(10, 1.0, 1.0, 401).reached


def test_the_command_says_one_line_and_the_solvers_bench_is_still_there():
    done = CliRunner().invoke(bench, ["import", "--rows", "20", "--runs", "1"])
    assert done.output.startswith("import of 20 rows: ")
    assert "--peer" in CliRunner().invoke(bench, ["--help"]).output
