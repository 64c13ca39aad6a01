"""The site of one language: ./go site calls Sphinx once for docs/en and once for docs/tr, with -D language.

The pages are written for GitHub and stay as they are. What the site needs besides is done here: the list of pages, anchors as GitHub
names them, and links that leave docs/, which lead to a copy of the source.
"""
import html
import json
import pathlib
import re

from docutils import nodes
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_for_filename
from pygments.util import ClassNotFound

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
SITE = ROOT / "out" / "site"

project = "damla"
extensions = ["myst_parser"]
templates_path = ["."]
html_theme = "furo"
html_title = "damla"
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_show_sphinx = html_show_copyright = html_copy_source = False
html_show_search_summary = False  # it would fetch pages, which a browser refuses for file://
html_domain_indices = html_use_index = False
html_theme_options = {"top_of_page_button": None}
suppress_warnings = ["myst.header", "misc.highlighting_failure"]

WORDS = {  # of the theme, which speaks English only
    "On this page": "Bu sayfada", "Back to top": "Başa dön", "Next": "Sonraki", "Previous": "Önceki", "Home": "Başlangıç",
    "Search": "Ara", "Made with ": "", "Toggle table of contents sidebar": "İçindekileri göster ya da gizle",
    "Toggle site navigation sidebar": "Sayfaları göster ya da gizle", "Toggle Light / Dark / Auto color theme": "Açık ya da koyu renkler"}
SEARCH = {  # which Sphinx leaves in English; it asks for the whole sentence, number and all
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough "
    "categories.": "Hiçbir sayfa bulunamadı. Kelimeleri doğru yazdığınızdan emin olun.",
    **{f"Search finished, found {n} page(s) matching the search query.": f"{n} sayfa bulundu." for n in range(1, 100)}}
PARTS = [("The lessons", "Dersler", "[0-9][0-9]_*"),
         ("The lecture and its words", "Sunum ve sözcükleri", "claims seeds glossary"),
         ("For teachers", "Öğretenler için", "teaching notebooks playground homework"),
         ("With your own text, code and machines", "Kendi metniniz, kodunuz ve makinelerinizle", "command stepping many_machines")]
ELSEWHERE = [("Reference of the library (English)", "Kitaplığın başvuru sayfaları (İngilizce)", "reference/index.html"),
             ("Report of the last tour", "Son turun raporu", "report/index.html"), ("Playground, in this browser", "Oyun alanı, bu tarayıcıda", "playground.html"),
             ("Presentation", "Sunum", "slides.html")]


def contents(app):
    """The list of pages, under the text of index.md; a page that no part names stands in the last one."""
    turkish = app.config.language == "tr"
    pages = sorted(p.stem for p in pathlib.Path(app.srcdir).glob("*.md") if p.stem != "index")
    lists = []
    for english, in_turkish, wanted in PARTS:
        names = [p for pattern in wanted.split() for p in pages if pathlib.PurePath(p).match(pattern)]
        pages = [p for p in pages if p not in names]
        lists.append((in_turkish if turkish else english, names))
    lists[-1][1].extend(pages)
    links = [f"{t if turkish else e} <../{url}>" for e, t, url in ELSEWHERE if (SITE / url).exists()]
    text = "".join("\n```{toctree}\n:caption: %s\n:maxdepth: 1\n\n%s\n```\n" % (title, "\n".join(names)) for title, names in lists if names)
    if links:
        items = "\n".join('- <a href="{1}">{0}</a>'.format(*re.fullmatch(r"(.*) <(.*)>", link).groups()) for link in links)
        text += f"\n**{'Ayrıca' if turkish else 'Also here'}**\n\n{items}\n"
    return text


def source_page(path):
    """A copy of a file or of a folder's list in out/site/source; returns where it lies there."""
    at = path.relative_to(ROOT)
    copy = SITE / "source" / at / "index.html" if path.is_dir() else SITE / "source" / f"{at}.html"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.touch()  # so that folders end
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_dir() and any(p.iterdir()) or p.suffix in (".md", ".hpp", ".cpp", ".py", ".ipynb"))
            inside = [p for p in inside if p.name != "__pycache__"]
            links = "".join(f'<li><a href="{source_page(p).relative_to(copy.parent)}">{p.name}</a></li>' for p in inside)
            body = f"<ul>{links}</ul>"
            styles = ""
        else:
            text = path.read_text(encoding="utf-8")
            formatter = HtmlFormatter(style="tango")
            try:
                body = highlight(text, get_lexer_for_filename(path.name), formatter)
            except ClassNotFound:
                body = f"<pre>{html.escape(text)}</pre>"
            styles = formatter.get_style_defs()
        copy.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
                        f"<title>{at}</title><style>{styles} body {{ max-width: 100ch; margin: 1em auto; padding: 0 1em; background: #fff }}"
                        f" pre {{ overflow-x: auto }}</style><h1>{at}</h1>{body}</html>", encoding="utf-8")
    return copy


def link(page, text, target):
    path, _, anchor = target.partition("#")
    if path.startswith("../pictures/"):
        path = f"_images/{pathlib.PurePath(path).name}"
    elif path and not path.endswith(".md") or path.startswith("../../"):
        found = (page.parent / path).resolve()
        if ROOT / "docs" in found.parents or not found.exists():
            return f"[{text}]({target})"
        path = f"../{source_page(found).relative_to(SITE)}"
    else:
        path = path.replace(".md", ".html")
    return f'<a href="{path}{"#" + anchor if anchor else ""}">{text}</a>'


LINK = re.compile(r"(?<!!)\[((?:`[^`]*`|[^\[\]`])*)\]\(((?!\w+://)[^()\s]*#[^()\s]+|\.\./\.\./[^()\s]+|\.\./pictures/[^()\s]+)\)")


def prepare(app, name, source):
    page = pathlib.Path(app.srcdir) / f"{name}.md"
    parts = re.split(r"(^```.*?^```)", source[0], flags=re.M | re.S)  # every second one is code
    parts[::2] = [LINK.sub(lambda m: link(page, m[1], m[2]), part) for part in parts[::2]]
    source[0] = "".join(parts) + (contents(app) if name == "index" else "")


def anchors(app, doctree):
    """Headings have the anchors that GitHub gives them, too."""
    for section in doctree.findall(nodes.section):
        slug = re.sub(r"[^\w\- ]", "", section[0].astext().lower()).replace(" ", "-")
        if slug not in section["ids"]:
            section["ids"].append(slug)


def page_context(app, name, template, context, doctree):
    context["other"] = "en" if app.config.language == "tr" else "tr"
    if app.config.language == "tr":
        known = context.get("gettext") or (lambda text: text)
        if name == "search":
            app.add_js_file(None, priority=900, body="Documentation.addTranslations(%s)" % json.dumps(
                {"messages": SEARCH, "locale": "tr", "plural_expr": "0"}))
        context["_"] = context["gettext"] = lambda text: WORDS.get(text, known(text))


def whole(app, error):
    """Debian's Furo imports a script and a style sheet in ways that need a server: both are put where they are imported. And it has
    dark colours for whoever chooses them, but not for whose system is dark."""
    if error:
        return
    static = pathlib.Path(app.outdir) / "_static"
    script, style = static / "scripts" / "furo.js", static / "styles" / "furo.css"
    text = script.read_text(encoding="utf-8")
    imported = re.match(r'import \w+ from "\./(.*)";', text)
    if imported:
        script.write_text((script.parent / imported[1]).read_text(encoding="utf-8") + text[imported.end():], encoding="utf-8")
    sheet = re.sub(r"@import url\((/javascript/[^)]*)\);", lambda m: pathlib.Path("/usr/share" + m[1]).read_text(encoding="utf-8"),
                   style.read_text(encoding="utf-8"))
    dark = re.search(r'body\[data-theme="dark"\] (\{[^}]*\})', sheet)
    if dark and "prefers-color-scheme" not in sheet:
        sheet += f'@media screen and (prefers-color-scheme: dark) {{ body[data-theme="auto"] {dark[1]} }}\n'
    style.write_text(sheet, encoding="utf-8")


def setup(app):
    app.connect("build-finished", whole)
    app.connect("source-read", prepare)
    app.connect("doctree-read", anchors)
    app.connect("html-page-context", page_context)
