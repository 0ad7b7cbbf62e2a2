"""The rim of stage `report`: one page a language, each linked to the other."""

from __future__ import annotations

from tests.figures.frames import released, replicated
from tests.report.test_page import AUDIT, CONFIG, COSTS, DELIVERY, drawn
from veje import config, io
from veje.cli.files import Files
from veje.cli.report import run
from veje.cli.stages import STAGES

TABLES = (
    "released", "costs", "replication_released", "replication_by_table", "claims", "timing_claims",
)  # fmt: skip


def test_pages_are_written_and_linked(tmp_path) -> None:
    io.write_table(released(), tmp_path / "released.parquet", "released")
    io.write_table(COSTS, tmp_path / "costs.parquet", "costs")
    made = replicated()
    io.write_table(made.replication_released, tmp_path / "replication_released.parquet", "replication")
    io.write_table(
        made.replication_by_table, tmp_path / "replication_by_table.parquet", "replication_by_table"
    )
    io.write_table(made.claims, tmp_path / "claims.parquet", "claims")
    io.write_table(made.timing_claims, tmp_path / "timing_claims.parquet", "timing_claims")
    io.write_json([DELIVERY], tmp_path / "deliveries.json")
    io.write_json(AUDIT, tmp_path / "audit.json")
    for name, data in drawn().items():
        io.write_whole(tmp_path / "figures" / name, lambda file, data=data: file.write(data))
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    settings = config.part(str(tmp_path / "config.yaml"), STAGES["report"].settings)
    inputs = [f"{name}={tmp_path / name}.parquet" for name in TABLES]
    inputs += [f"figures={tmp_path / 'figures'}", f"deliveries={tmp_path / 'deliveries.json'}"]
    inputs += [f"audit={tmp_path / 'audit.json'}"]
    pages = {"en": tmp_path / "report.html", "da": tmp_path / "report.da.html"}
    run(settings, Files(inputs), Files([f"{language}={path}" for language, path in pages.items()]))
    assert 'href="report.da.html"' in pages["en"].read_text(encoding="utf-8")
    assert 'href="report.html"' in pages["da"].read_text(encoding="utf-8")
    for path in pages.values():
        assert str(tmp_path) not in path.read_text(encoding="utf-8")
