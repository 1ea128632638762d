"""The demo markets are full, in every language, and the same every time."""

import re
from collections import Counter

import pytest

from app.catalogue.units import UNITS
from app.markets.demo.articles import articles
from app.markets.demo.cities import DEMO_MARKETS, DemoMarket
from app.markets.demo.listings import listings, offers, trades

each_market = pytest.mark.parametrize("market", DEMO_MARKETS, ids=lambda market: market.key)

LEAST_WORDS = {"en": 130, "ar": 115, "ru": 120, "de": 125, "es": 130, "fr": 130}

ALPHABETS = {"ru": re.compile("[а-яё]", re.I), "ar": re.compile("[\u0621-\u064a]")}


@each_market
def test_a_market_has_enough_of_everything(market: DemoMarket):
    rows = list(listings(market))
    assert len(rows) >= 300
    assert len({row.category for row in rows}) >= 40
    assert len(list(articles(market))) >= 20
    assert len({row.provider.key() for row in rows}) >= 100


@each_market
def test_the_same_content_is_made_every_time(market: DemoMarket):
    assert list(listings(market)) == list(listings(market))


@each_market
def test_every_text_is_there_in_every_language_of_the_market(market: DemoMarket):
    for row in listings(market):
        assert set(row.title) == set(row.description) == set(market.locales)
    for article in articles(market):
        assert set(article.title) == set(article.body) == set(market.locales)
    assert set(market.name) == set(market.tagline) == set(market.locales)


@each_market
def test_texts_are_in_the_language_they_are_given_for(market: DemoMarket):
    for row in listings(market):
        for locale, text in {**row.title, **row.description}.items():
            for language, letters in ALPHABETS.items():
                assert bool(letters.search(text)) == (language == locale), (row.external_id, text)


@each_market
def test_listings_share_no_more_than_a_short_fact(market: DemoMarket):
    rows = list(listings(market))
    assert len({row.external_id for row in rows}) == len(rows)
    for locale in market.locales:
        titles = Counter(row.title[locale] for row in rows)
        assert titles.most_common(1)[0][1] == 1
        sentences = Counter(
            sentence
            for row in rows
            for sentence in re.split(r"(?<=[.!?؟])\s+", row.description[locale])
        )
        told_twice = [said for said, times in sentences.items() if times > 1]
        assert [said for said in told_twice if len(said) > 60] == []


@each_market
def test_a_provider_has_one_name_and_a_name_one_provider(market: DemoMarket):
    pairs = {(row.provider.external_id, row.provider.name) for row in listings(market)}
    assert len(pairs) == len({key for key, _ in pairs}) == len({name for _, name in pairs})


@each_market
def test_listings_are_in_town_and_cost_something(market: DemoMarket):
    for row in listings(market):
        assert row.price
        assert row.price.amount > 0
        assert row.price.currency == market.currency
        assert row.price.unit in UNITS
        assert row.lat is not None
        assert row.lon is not None
        assert any(
            row.city == district.city
            and abs(row.lat - district.lat) < 0.01
            and abs(row.lon - district.lon) < 0.015
            for district in market.districts
        )


@each_market
def test_most_are_in_the_main_city_and_some_in_each_town_around(market: DemoMarket):
    middle = market.districts[0]
    own = market.locales[0]
    found = Counter((row.city or {})[own] for row in listings(market) if isinstance(row.city, dict))
    assert found.total() > 300
    assert found[middle.city[own]] > 0.6 * found.total()
    assert len(found) >= 4
    assert min(found.values()) >= 5
    for district in market.districts:
        assert set(district.city) == set(district.names) == set(market.locales)
        assert abs(district.lat - middle.lat) < 0.5
        assert abs(district.lon - middle.lon) < 0.7


@each_market
def test_no_place_in_a_text_is_left_unfilled(market: DemoMarket):
    for text in (
        *(text for row in listings(market) for text in row.description.values()),
        *(text for article in articles(market) for text in article.body.values()),
    ):
        assert not re.search(r"[{}]|lorem ipsum", text, re.I)


@each_market
def test_articles_are_of_a_length_that_people_read(market: DemoMarket):
    for article in articles(market):
        for locale, body in article.body.items():
            words = len(body.split())
            # Arabic and Russian say in one word what English says in three.
            assert LEAST_WORDS[locale] <= words <= 300, (
                article.slug,
                locale,
                words,
            )


def test_every_trade_has_offers_and_every_offer_a_key_of_its_own():
    assert {offer.category for offer in offers()} == set(trades())
    keys = Counter(offer.key for offer in offers())
    assert keys.most_common(1)[0][1] == 1
