"""Passages are short, carry their headings and say where they stand."""

from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.chunking import LONGEST, LONGEST_SECTION, chunks_of, whole_text
from app.knowledge.extraction.blocks import Block
from app.knowledge.languages import language_of


def test_a_passage_carries_the_headings_above_it():
    chunks = chunks_of(
        [
            Block("heading", "Rules", 1),
            Block("text", "Everybody reads them."),
            Block("heading", "Cancelling", 2),
            Block("text", "Until the evening before."),
            Block("heading", "Paying", 2),
            Block("text", "By card."),
        ]
    )
    assert [(chunk.heading, chunk.text) for chunk in chunks] == [
        (("Rules",), "Everybody reads them."),
        (("Rules", "Cancelling"), "Until the evening before."),
        (("Rules", "Paying"), "By card."),
    ]
    assert [chunk.section for chunk in chunks] == [0, 1, 2]


def test_short_paragraphs_join_and_long_ones_are_cut_between_sentences():
    sentence = "The deposit comes back within five working days. "
    joined, *cut = chunks_of(
        [Block("text", "One."), Block("text", "Two."), Block("text", sentence * 20)]
    )
    assert joined.text.startswith("One.\nTwo.")
    assert all(chunk.text.rstrip().endswith(".") for chunk in [joined, *cut])
    assert max(len(chunk.text) for chunk in cut) <= LONGEST


def test_a_passage_stands_on_one_page():
    chunks = chunks_of([Block("text", "First.", 0, 1), Block("text", "Second.", 0, 2)])
    assert [(chunk.page, chunk.text) for chunk in chunks] == [(1, "First."), (2, "Second.")]


words = st.text(alphabet="abc. яж!", min_size=1, max_size=900).map(
    lambda said: " ".join(said.split())
)
blocks = st.lists(
    st.builds(
        Block,
        kind=st.sampled_from(["heading", "text", "row"]),
        text=words.filter(bool),
        level=st.integers(1, 4),
    ),
    max_size=12,
)


@given(blocks)
def test_nothing_is_lost_and_every_place_is_right(told: list[Block]):
    chunks = chunks_of(told)
    text = whole_text(told)
    for chunk in chunks:
        assert len(chunk.text) <= LONGEST
        assert text[chunk.start : chunk.end].split() == chunk.text.split()
    said = " ".join(block.text for block in told if block.kind != "heading").split()
    # Only a word longer than a passage is cut.
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join(said)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    for section in {chunk.section for chunk in chunks}:
        own = [chunk for chunk in chunks if chunk.section == section]
        assert len({chunk.heading for chunk in own}) == 1
        assert len(own) == 1 or sum(len(chunk.text) for chunk in own) <= LONGEST_SECTION + 900


def test_a_text_says_its_language_and_a_few_words_do_not():
    assert (
        language_of("Отмена возможна до вечера накануне, аванс возвращается полностью.", "en")
        == "ru"
    )
    assert language_of("Die Anzahlung wird innerhalb von fünf Werktagen erstattet.", "en") == "de"
    assert language_of("La señal se devuelve en un plazo de cinco días laborables.", "en") == "es"
    assert language_of("يمكن إلغاء الحجز حتى مساء اليوم السابق للموعد المحدد.", "en") == "ar"
    assert language_of("OK 12", "ru") == "ru"
