"""Whether what a specialist gave back may stand in an answer: its shape, its totals, its links."""

import dataclasses
import json
import re

from pydantic import ValidationError

from agents.base import Block, Finding, Result
from app.conversations.blocks import leads_away, read

LONGEST_TEXT = 8000
LARGEST_BLOCK = 100_000
"""Characters of a block's data as JSON."""

_MARK = re.compile(r"\[(\d+)\]")


def checked(result: Result) -> tuple[Result, tuple[str, ...]]:
    """What of a result may stand, and what was wrong with the rest."""
    problems: list[str] = []
    blocks: list[Block] = []
    for block in result.blocks:
        if wrong := _wrong_with_block(block):
            problems.append(f"{block.kind}: {wrong}")
        else:
            blocks.append(block)
    findings: list[Finding] = []
    for found in result.findings:
        if leads_away(found.url) or not found.title.strip():
            problems.append(f"{found.kind} {found.external_id}: no title, or a link elsewhere")
        else:
            findings.append(found)
    text = result.text.strip()
    if len(text) > LONGEST_TEXT:
        problems.append("the text is too long")
        text = text[:LONGEST_TEXT].rsplit(" ", 1)[0] + "…"
    if _MARK.search(text):
        # Numbers are given to findings when all are together; here they would cite at random.
        problems.append("the text cites")
        text = _MARK.sub(r"(\1)", text)
    whole = dataclasses.replace(result, text=text, blocks=tuple(blocks), findings=tuple(findings))
    return whole, tuple(problems)


def _wrong_with_block(block: Block) -> str:
    if leads_away(block.url):
        return "it leads elsewhere"
    try:
        if len(json.dumps(block.data, allow_nan=False)) > LARGEST_BLOCK:
            return "it is too large"
        read(block.kind, block.data)
    except ValidationError as error:
        return str(error.errors(include_url=False)[0]["msg"])[:200]
    except (TypeError, ValueError):
        return "it is not JSON"
    return ""
