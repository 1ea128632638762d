"""Which scripts a page may run."""

import base64
import hashlib

from app.rendering.policies import content_security_policy


def told(script: bytes) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode()}'"


def test_a_pages_own_scripts_may_run_and_what_is_written_into_it_later_may_not():
    page = b"<head><script>first()</script><script type='module'>import 'x'</script></head>"
    policy = content_security_policy(page)
    assert told(b"first()") in policy
    assert told(b"import 'x'") in policy
    assert told(b"alert(1)") not in policy
    assert "'unsafe-inline'" not in policy.partition("script-src")[2]


def test_a_script_that_sleeps_may_run_when_it_is_woken():
    page = b'<script type="text/plain" data-wake="module">import("/a.js")</script>'
    assert told(b'import("/a.js")') in content_security_policy(page)


def test_data_and_files_need_no_hash():
    page = (
        b'<script type="application/ld+json">{"@type":"Service"}</script>'
        b'<script id="server-page" type="application/json">{}</script>'
        b'<script src="/a.js"></script><script defer src="/b.js"></script>'
    )
    assert "sha256" not in content_security_policy(page)


def test_the_policy_of_a_page_is_the_same_each_time():
    page = b"<script>b</script><script>a</script><script>c</script><script>a</script>"
    assert content_security_policy(page) == content_security_policy(page)
    assert content_security_policy(page).count("sha256") == 3


def test_pictures_come_from_here_and_from_where_the_page_says():
    def of_pictures(policy: str) -> list[str]:
        (told,) = (part for part in policy.split("; ") if part.startswith("img-src "))
        return told.split()[1:]

    assert of_pictures(content_security_policy(b"")) == ["'self'", "data:", "blob:"]
    told = content_security_policy(b"", {"https://tiles.example.org"})
    assert of_pictures(told) == ["'self'", "data:", "blob:", "https://tiles.example.org"]
    shown = (
        b'<img alt="x" src="https://a.example/b.png"><img src="/c"><p>img src="https://b.example/'
    )
    told = content_security_policy(shown)
    assert of_pictures(told) == ["'self'", "data:", "blob:", "https://a.example"]
