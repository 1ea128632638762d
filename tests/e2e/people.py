"""Who uses the running program: somebody who signs up, and an operator with a terminal."""

import os
import re
import subprocess
import sys
import uuid

from playwright.async_api import Page, expect

from .conftest import NO_DATABASE, ROOT, Running

PASSWORD = "three white boats on a river"


async def sign_up(page: Page, path: str = "/en/chat", name: str = "Ada") -> str:
    """Sign somebody new up and lead to a path of the page's own market; returns the e-mail.

    A market takes ten from one address in an hour.
    """
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    locale = path.split("/")[1]
    await page.goto(f"/{locale}/signup?next={path}")
    await page.locator("#name").fill(name)
    await page.locator("#email").fill(email)
    await page.locator("#password").fill(PASSWORD)
    await page.locator("form[action='/auth/signup'] button[type=submit]").click()
    await expect(page).to_have_url(re.compile(f"{re.escape(path)}$"))
    return email


def agora(running: Running, *words: str) -> str:
    """What a command of the operator says beside the running program."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        cwd=ROOT,
        env=os.environ
        | {"AGORA_HOME": str(running.home), "PORT": str(running.port), "COLUMNS": "300"}
        | NO_DATABASE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
