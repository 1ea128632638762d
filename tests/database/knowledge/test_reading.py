"""Articles as pages show them; a hostile body stays text."""

import pytest

from app.database import tenant_session
from app.knowledge.reading import public_article, public_articles, rendered
from tests.factories import article, open_market

pytestmark = pytest.mark.usefixtures("database")


async def test_only_public_articles_are_listed_and_opened():
    market = await open_market()
    async with tenant_session(market.id) as session:
        shown = await article(session)
        hidden = await article(session, public=False)
        assert [card.slug for card in await public_articles(session, "en")] == [shown.slug]
        assert await public_article(session, hidden.slug, "en") is None
        found = await public_article(session, shown.slug, "ru")
    assert found is not None
    assert found.card.url == f"/ru/help/{shown.slug}"
    assert found.html == "<p>You can cancel a booking up to a day before.</p>\n"


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        '<img src=x onerror="alert(1)">',
        "<iframe src='https://evil.example'></iframe>",
    ],
)
def test_a_hostile_body_runs_nothing(hostile: str):
    html = rendered(f"# Title\n\n{hostile}")
    assert "<h1>Title</h1>" in html
    for tag in ("<script", "<img", "<iframe", 'href="javascript'):
        assert tag not in html
