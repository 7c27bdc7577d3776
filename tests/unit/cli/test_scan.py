"""Files are scanned without a hub."""

from pathlib import Path

from click.testing import CliRunner

from hub.cli.scan import scan


def test_each_file_is_told_and_the_worst_counts(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pkl").write_bytes(b"cos\nsystem\n.")
    (tmp_path / "b.txt").write_text("fine")
    done = CliRunner().invoke(scan, [str(tmp_path)])
    assert done.exit_code == 1
    assert "malicious   " in done.output
    assert "os.system" in done.output
    assert CliRunner().invoke(scan, [str(tmp_path / "b.txt")]).exit_code == 0
