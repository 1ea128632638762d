"""Articles written in the console: checked as those of files, seen by those who may see them."""

from typing import Any

import pytest

from app.accounts import actors
from app.accounts.permissions import Permission
from app.database import tenant_session
from app.errors import Conflict, NotAllowed, NotFound
from app.knowledge.editing import (
    SlugTaken,
    article_fields,
    articles_found,
    create_article,
    delete_article,
    edit_article,
)
from app.knowledge.reading import public_article
from app.markets.directory import MarketCard
from app.markets.shaping import NotAccepted
from tests.factories import article, open_market

pytestmark = pytest.mark.usefixtures("database")
LOCALES = ("en", "ru")
FORM = {"slug": "how-to-pay", "title.en": "How to pay", "body.en": "By **card**.", "public": "yes"}


@pytest.fixture
async def market() -> MarketCard:
    return await open_market()


async def test_a_draft_is_published_edited_and_deleted(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        draft = article_fields({**FORM, "public": "no"}, LOCALES)
        made = await create_article(session, staff, draft)
        assert await public_article(session, "how-to-pay", "en") is None
        fields = article_fields(FORM, LOCALES)
        await edit_article(session, staff, made.id, 1, fields, LOCALES)
        shown = await public_article(session, "how-to-pay", "en")
        assert shown is not None
        assert "<strong>card</strong>" in shown.html
        with pytest.raises(Conflict):
            await edit_article(session, staff, made.id, 1, fields, LOCALES)
        assert [one.slug for one in await articles_found(session, staff, "en", "PAY")] == [
            "how-to-pay"
        ]
        assert await articles_found(session, staff, "en", "nothing") == []
        await delete_article(session, staff, made.id)
        assert await public_article(session, "how-to-pay", "en") is None


async def test_texts_in_languages_that_the_form_lacks_stay(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        made = await article(session, title={"en": "A", "pt": "B"}, body={"en": "C", "pt": "D"})
        fields = article_fields(FORM, LOCALES)
        edited = await edit_article(session, staff, made.id, 1, fields, LOCALES)
        assert edited.title == {"en": "How to pay", "pt": "B"}


async def test_an_address_is_one_articles(market: MarketCard):
    staff = actors.system(market.id, "staff")
    async with tenant_session(market.id) as session:
        made = await create_article(session, staff, article_fields(FORM, LOCALES))
        with pytest.raises(SlugTaken):
            await create_article(session, staff, article_fields(FORM, LOCALES))
        other = await article(session)
        with pytest.raises(SlugTaken):
            await edit_article(session, staff, other.id, 1, article_fields(FORM, LOCALES), LOCALES)
        changed = article_fields({**FORM, "title.en": "Paying"}, LOCALES)
        assert (await edit_article(session, staff, made.id, 1, changed, LOCALES)).version == 2


async def test_others_are_refused(market: MarketCard):
    other = await open_market()
    async with tenant_session(other.id) as session:
        theirs = await article(session)
    fields = article_fields(FORM, LOCALES)
    async with tenant_session(market.id) as session:
        staff = actors.system(market.id, "staff")
        with pytest.raises(NotFound):
            await edit_article(session, staff, theirs.id, 1, fields, LOCALES)
        operator = actors.system(market.id, "operator", Permission.MODERATE)
        for deed in (
            create_article(session, operator, fields),
            edit_article(session, operator, theirs.id, 1, fields, LOCALES),
            delete_article(session, operator, theirs.id),
            articles_found(session, operator, "en"),
        ):
            with pytest.raises(NotAllowed):
                await deed


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"slug": "Not a slug"}, "slug"),
        ({"slug": ["x"]}, "slug"),
        ({"title.en": ""}, "title"),
        ({"body.en": "\x00"}, "body"),
        ({"body.en": {"a": 1}}, "body"),
    ],
)
def test_a_form_is_refused_by_field(change: dict[str, Any], field: str):
    with pytest.raises(NotAccepted) as refused:
        article_fields({**FORM, **change}, LOCALES)
    assert refused.value.field == field
