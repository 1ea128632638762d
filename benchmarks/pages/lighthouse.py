"""What Lighthouse says of public pages: its mobile preset, in a headless Chromium."""

import json
import os
import re
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from app.rendering.renderer import node_executable
from benchmarks.pages.alone import read

FOLDER = Path(__file__).parent / "lighthouse"
HOST = "berlin.localhost"
"""A market of which both languages are spoken."""
LOCALES = ("en", "ar")
KINDS = ("performance", "accessibility", "best-practices", "seo")
GOALS = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 100}
# A machine without a screen and without the rights that a browser's own cage needs.
_FLAGS = "--headless=new --no-sandbox --disable-gpu"


def measure(port: int, rounds: int) -> None:
    """Ask it about each page so often, and print the medians and what was found wanting."""
    _install()
    wanting: set[str] = set()
    print(f"| page | {' | '.join(KINDS)} | LCP s | TBT ms | CLS |")
    print(f"|---|{'---:|' * (len(KINDS) + 3)}")
    for locale in LOCALES:
        for path in _paths(f"http://{HOST}:{port}", locale):
            told = [_asked(f"http://{HOST}:{port}{path}") for _ in range(rounds)]
            if "/search" in path:
                # It is not to be indexed, which Lighthouse takes for a fault.
                told = [_indexable(one) for one in told]
            wanting |= {f"`{path}` {problem}" for one in told for problem in _problems(one)}
            scores = [
                round(100 * statistics.median(one["categories"][kind]["score"] for one in told))
                for kind in KINDS
            ]
            shown = (
                f"{score}" if score >= GOALS[kind] else f"**{score}**"
                for kind, score in zip(KINDS, scores, strict=True)
            )
            lcp, tbt, cls = (
                statistics.median(one["audits"][name]["numericValue"] for one in told)
                for name in (
                    "largest-contentful-paint",
                    "total-blocking-time",
                    "cumulative-layout-shift",
                )
            )
            print(f"| {path} | {' | '.join(shown)} | {lcp / 1000:.1f} | {tbt:.0f} | {cls:.3f} |")
    for problem in sorted(wanting):
        print(f"- {problem}")


def _install() -> None:
    if not (FOLDER / "node_modules").is_dir():
        npm = shutil.which("npm", path=f"{Path(node_executable()).parent}:{os.environ['PATH']}")
        assert npm is not None, "Node comes with npm"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)


def _paths(origin: str, locale: str) -> list[str]:
    """Home, a category, a listing, a search and a help article."""
    category = f"/{locale}/c/craft-plumber"
    found = re.search(rf'href="(/{locale}/s/[^"?]+)"', read(origin + category))
    helps = re.search(rf'href="(/{locale}/help/[^"?]+)"', read(f"{origin}/{locale}/help"))
    if found is None or helps is None:
        raise SystemExit(f"There is no demo market at {origin}.")
    return [f"/{locale}", category, found[1], f"/{locale}/search?q=tap", helps[1]]


def _asked(url: str) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        subprocess.run(
            [
                node_executable(),
                str(FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"),
                url,
                "--quiet",
                "--output=json",
                f"--output-path={report}",
                f"--only-categories={','.join(KINDS)}",
                f"--chrome-flags={_FLAGS}",
            ],
            check=True,
            env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        )
        return json.loads(report.read_text())


def _indexable(told: dict[str, Any]) -> dict[str, Any]:
    """A report without the audit of whether a page may be indexed, its score reckoned without."""
    refs = told["categories"]["seo"]["auditRefs"]
    told["categories"]["seo"]["auditRefs"] = refs = [
        one for one in refs if one["id"] != "is-crawlable"
    ]
    counted = [
        (one["weight"], score)
        for one in refs
        if one["weight"] and (score := told["audits"][one["id"]]["score"]) is not None
    ]
    total = sum(weight for weight, _ in counted)
    told["categories"]["seo"]["score"] = sum(weight * score for weight, score in counted) / total
    return told


def _problems(told: dict[str, Any]) -> list[str]:
    """Every audit with weight in its category that was not passed."""
    return [
        f"{kind}: {audit['title']}"
        for kind in KINDS
        for one in told["categories"][kind]["auditRefs"]
        if one["weight"] and (audit := told["audits"][one["id"]])["score"] not in (None, 1)
    ]
