"""Which font a page asks for before its style sheet is read, and which there are."""

import hashlib
import re
from pathlib import Path

from app.rendering.build import ROOT
from app.rendering.fonts import ASSETS, font_preload


def test_the_fonts_that_are_named_are_there_under_a_name_that_changes_with_them():
    styles = (ROOT / "assets" / "fonts.css").read_text()
    named = re.findall(r'url\("/(assets/(onest-\w+)-(\w+)\.woff2)"\)', styles)
    assert [name for _, name, _ in named] == ["onest-basic", "onest-latin", "onest-cyrillic"]
    for path, _, digest in named:
        content = (ROOT / "assets" / path).read_bytes()
        assert hashlib.sha256(content).hexdigest()[:8] == digest
        assert len(content) < 17_000
    kept = {path.name for path in (ROOT / "assets" / "assets").glob("*.woff2")}
    assert kept == {Path(path).name for path, _, _ in named}


def test_the_file_of_the_locales_script_is_asked_for(tmp_path: Path):
    folder = tmp_path / ASSETS
    folder.mkdir(parents=True)
    for name in ("onest-basic-A1", "onest-cyrillic-B2", "onest-latin-ext-wght-normal-C3"):
        (folder / f"{name}.woff2").touch()
    (folder / "vazirmatn-arabic-wght-normal-C3.woff2").touch()
    told = "; rel=preload; as=font; type=font/woff2; crossorigin"
    for locale in ("en", "de", "es", "fr"):
        assert font_preload(locale, web=tmp_path) == f"</assets/onest-basic-A1.woff2>{told}"
    both = f"</assets/onest-basic-A1.woff2>{told}, </assets/onest-cyrillic-B2.woff2>{told}"
    assert font_preload("ru", web=tmp_path) == both
    assert font_preload("ar", web=tmp_path).startswith("</assets/vazirmatn-arabic-wght-normal-C3.")


def test_the_font_that_a_market_chose_is_asked_for(tmp_path: Path):
    folder = tmp_path / ASSETS
    folder.mkdir(parents=True)
    (folder / "literata-cyrillic-wght-normal-D4.woff2").touch()
    assert "/literata-cyrillic-wght-normal-D4." in font_preload("ru", "literata", tmp_path)
    # The reader's own fonts are there already; a font that we do not serve is none.
    for font in ("system", "../../etc/passwd"):
        assert font_preload("ru", font, tmp_path) == ""


def test_nothing_is_asked_for_that_was_not_built(tmp_path: Path):
    assert font_preload("ru", web=tmp_path) == ""
