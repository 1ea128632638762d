"""What axe finds to mend on a page, in words."""

from axe_core_python.async_playwright import Axe
from playwright.async_api import Page

WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
"""The rules of WCAG 2.2 AA; without them axe adds its advice on good practice."""


async def faults(page: Page, rules: tuple[str, ...] = WCAG) -> list[str]:
    """One line for each element that breaks a rule; all rules of axe for none."""
    options: dict[str, object] = {
        # Of what is well, one element is told instead of each: a page has thousands.
        "resultTypes": ["violations"]
    }
    if rules:
        options["runOnly"] = list(rules)
    result = await Axe().run(page, options=options)
    return [
        f"{page.url} {violation['id']}: {node['html'][:200]} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
