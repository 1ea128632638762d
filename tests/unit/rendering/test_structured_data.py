"""JSON-LD text."""

import json

from app.rendering.structured_data import json_ld


def test_no_text_can_end_the_script_element():
    text = json_ld({"@type": "Service", "name": "</script><!-- & \u2028"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text)["name"] == "</script><!-- & \u2028"


def test_what_is_not_known_is_left_out():
    text = json_ld({"@type": "Service", "price": None, "offers": {"price": ""}, "rating": 0})
    assert json.loads(text) == {
        "@context": "https://schema.org",
        "@type": "Service",
        "rating": 0,
    }


def test_several_things_share_a_graph():
    document = json.loads(json_ld({"@type": "WebSite"}, {"@type": "BreadcrumbList"}))
    assert [thing["@type"] for thing in document["@graph"]] == ["WebSite", "BreadcrumbList"]


def test_nothing_gives_nothing():
    assert json_ld() == ""
