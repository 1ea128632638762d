"""The composer cites all it says, in the reader's language, and invents nothing."""

import re
from dataclasses import replace

from app.inference.composer import Composer
from app.inference.model import Brief, Evidence
from app.search.embeddings import sentence_embedder


async def composed(brief: Brief) -> str:
    return "".join([piece async for piece in Composer(sentence_embedder()).stream(brief)])


PLUMBER = Evidence(
    1,
    "listing",
    "Plumber at night",
    "We lay pipes in new houses. A leaking tap is repaired within the hour, day and night.",
    ("Ada & Sons", "Berlin", "€40 per hour"),
)
CANCELLING = Evidence(
    1,
    "article",
    "Cancelling a booking",
    "# Cancelling\n\nBookings are made in the chat. You can cancel **free of charge** until 24"
    " hours before the visit. Photos of finished work are welcome in reviews.",
)


async def test_a_service_stands_with_its_facts_and_the_sentence_that_matters():
    text = await composed(Brief("offer", "en", "my tap is leaking", "Berlin", (PLUMBER,)))
    assert "• Plumber at night [1]" in text
    assert "Ada & Sons · Berlin · €40 per hour" in text
    assert "A leaking tap is repaired within the hour" in text
    assert "We lay pipes" not in text


async def test_a_sum_is_not_parted_from_its_currency():
    offer = replace(PLUMBER, facts=("Ада\n и  сын", "1\u00a0650\u00a0₽ за визит"))
    text = await composed(Brief("offer", "ru", "течёт кран", "Казань", (offer,)))
    assert "Ада и сын · 1\u00a0650\u00a0₽ за визит" in text


async def test_an_explanation_quotes_the_sentence_that_answers_and_cites_it():
    text = await composed(Brief("explain", "en", "Can I cancel for free?", "Berlin", (CANCELLING,)))
    assert "You can cancel free of charge until 24 hours before the visit. [1]" in text
    assert "Photos of finished work" not in text
    assert "#" not in text


async def test_every_number_in_an_answer_refers_to_its_evidence():
    other = Evidence(2, "article", "Deposits", "A deposit is returned when you cancel in time.")
    text = await composed(Brief("both", "en", "Can I cancel?", "Berlin", (CANCELLING, other)))
    assert set(re.findall(r"\[(\d+)\]", text)) <= {"1", "2"}
    assert "[1]" in text


async def test_nothing_found_is_said_and_what_there_is_is_offered():
    text = await composed(Brief("offer", "en", "submarine", "Berlin", (), ("Plumber", "Tailor")))
    assert "I found nothing in Berlin" in text
    assert "Plumber, Tailor" in text
    assert "[1]" not in text


async def test_what_is_out_of_scope_is_declined_not_answered():
    text = await composed(Brief("decline", "en", "capital of Australia?", "Berlin"))
    assert "outside what I can do" in text
    assert "Canberra" not in text


async def test_pieces_are_small_and_join_to_the_whole():
    pieces = [
        piece
        async for piece in Composer(sentence_embedder()).stream(
            Brief("offer", "en", "tap", "Berlin", (PLUMBER,))
        )
    ]
    assert len(pieces) > 5
    assert max(len(piece.split()) for piece in pieces) <= 4


async def test_a_question_in_an_article_is_no_answer():
    asking = Evidence(1, "article", "Guarantee", "Is there a guarantee? It lasts 30 days at least.")
    text = await composed(Brief("explain", "en", "Is there a guarantee?", "Berlin", (asking,)))
    assert "It lasts 30 days at least. [1]" in text
    assert "Is there" not in text


async def test_a_proposal_names_what_is_open_and_promises_nothing():
    event = Evidence(1, "event", "Zoe at forty [7]", "", ("Birthday", "40 guests"))
    offer = replace(PLUMBER, number=2)
    brief = Brief("proposal", "en", "Zoe at forty", "Berlin", (event, offer), open=("the date",))
    text = await composed(brief)
    assert "“Zoe at forty (7)” [1]" in text
    assert "Birthday · 40 guests [1]" in text
    assert "One service is proposed:" in text
    assert "• Plumber at night [2]" in text
    assert "Not decided yet: the date." in text
    # Without an event there is none to cite.
    alone = await composed(replace(brief, evidence=(PLUMBER,), open=()))
    assert set(re.findall(r"\[(\d+)\]", alone)) == {"1"}
    assert "Not decided" not in alone


async def test_a_marketing_text_keeps_the_order_of_what_is_written():
    brief = Brief("marketing", "en", "Plumber", "Berlin", (PLUMBER, replace(CANCELLING, number=2)))
    text = await composed(brief)
    assert text.index("We lay pipes in new houses.") < text.index("A leaking tap")
    assert "Ada & Sons · Berlin · €40 per hour [1]" in text
    assert "• Cancelling a booking [2]" in text
    assert "[2]" not in await composed(replace(brief, short=True))
