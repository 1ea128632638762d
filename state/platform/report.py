"""What an erasure left of a market, line by line."""

import dataclasses
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True)
class ReportLine:
    """So much of something there was before, and so much after."""

    name: str
    before: int
    after: int


def report_lines(report: Mapping[str, Any] | None) -> list[ReportLine]:
    """The lines of a report, what there was most of first; none where nothing was erased."""
    if report is None:
        return []
    counted = {
        **report["tables"],
        "files": report["files"],
        "queued jobs": report["queued_jobs"],
    }
    lines = [ReportLine(name, one["before"], one["after"]) for name, one in counted.items()]
    return sorted(lines, key=lambda line: (-line.after, -line.before, line.name))
