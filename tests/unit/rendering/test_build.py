"""When the frontend is built anew, and what is said when that fails."""

from pathlib import Path

import pytest

from app.rendering.build import (
    BuildFailed,
    build_environment,
    build_frontend,
    fingerprint,
    is_built,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder that looks like a project with a page."""
    (tmp_path / "rxconfig.py").write_text("config = 1\n")
    pages = tmp_path / "components"
    pages.mkdir()
    (pages / "home.py").write_text("title = 'Home'\n")
    return tmp_path


def test_the_fingerprint_follows_content_and_names(project: Path):
    page = project / "components" / "home.py"
    seen = [fingerprint(project)]
    page.touch()
    (project / "README.md").write_text("Not a source.")
    (project / "components" / "__pycache__").mkdir()
    (project / "components" / "__pycache__" / "home.pyc").write_bytes(b"1")
    assert fingerprint(project) == seen[0]
    page.write_text("title = 'Start'\n")
    seen.append(fingerprint(project))
    page.rename(page.with_name("start.py"))
    seen.append(fingerprint(project))
    (project / "locales" / "ru" / "LC_MESSAGES").mkdir(parents=True)
    (project / "locales" / "ru" / "LC_MESSAGES" / "messages.po").write_text('msgid ""\n')
    seen.append(fingerprint(project))
    assert len(set(seen)) == 4


def test_a_current_build_is_left_alone(project: Path):
    build = project / ".web" / "build"
    (build / "server").mkdir(parents=True)
    (build / "client").mkdir()
    assert not is_built(project)
    (build / "server" / "index.js").write_text("")
    (project / ".web" / "agora-build").write_text(fingerprint(project))
    assert build_frontend(root=project) is False


def test_a_failed_build_says_why_and_where_to_read_more(project: Path):
    (project / "rxconfig.py").write_text("raise RuntimeError('the configuration is wrong')\n")
    lines: list[str] = []
    with pytest.raises(BuildFailed, match="the configuration is wrong") as failure:
        build_frontend(lines.append, project)
    log = Path(str(failure.value.params["log"]))
    assert "the configuration is wrong" in log.read_text()
    assert lines
    assert not is_built(project)


def test_node_and_bun_come_from_packages():
    folders = build_environment()["PATH"].split(":")
    assert (Path(folders[0]) / "node").is_file()
    assert (Path(folders[1]) / "bun").is_file()
