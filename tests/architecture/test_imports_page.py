"""The page on imports names every field, and its examples can be loaded."""

import re
from pathlib import Path

from pydantic import BaseModel

from app.catalogue.imports import read_listings
from app.catalogue.inputs import ListingInput, PriceInput, ProviderInput
from app.knowledge.imports import ArticleInput, read_articles
from app.rows import Row

PAGE = (Path(__file__).parents[2] / "docs" / "imports.md").read_text("utf-8")


def named(model: type[BaseModel], before: str = "") -> list[str]:
    return [f"`{before}{name}`" for name in model.model_fields]


def test_every_field_is_on_the_page():
    nested = {"`price`", "`provider`"}
    fields = {*named(ListingInput), *named(ArticleInput)} - nested
    fields |= {*named(PriceInput, "price."), *named(ProviderInput, "provider.")}
    assert [field for field in sorted(fields) if field not in PAGE] == []


def test_the_examples_can_be_loaded(tmp_path: Path):
    listing, article = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
    (table,) = re.findall(r"```csv\n(.*?)```", PAGE, re.DOTALL)
    for name, text, read in (
        ("listings.jsonl", listing.replace("\n", " "), read_listings),
        ("listings.csv", table, read_listings),
        ("articles.jsonl", article.replace("\n", " "), read_articles),
    ):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        (row,) = list(read(path))
        assert isinstance(row, Row), row
