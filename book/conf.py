"""Sphinx' settings for the book, in the language that `build.py` names (``-D language=zh_CN``)."""

import logging
from collections import namedtuple

import jieba
from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.search.zh import SearchChinese

project = "mtl_tutorial"
author = "The mtl_tutorial authors"
copyright = "The mtl_tutorial authors; lessons and corpus CC BY 4.0, code MIT"

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
nb_execution_mode = "off"  # build.py runs the notebooks
nb_ipywidgets_js = {}  # and leaves the widgets' still pictures
nb_merge_streams = True
myst_enable_extensions = ["dollarmath", "amsmath"]
myst_heading_anchors = 3
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "none"  # the signature has them
napoleon_use_rtype = False
viewcode_line_numbers = True
viewcode_follow_imported_members = False  # each is shown with the module that holds it

html_theme = "sphinx_book_theme"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_show_sphinx = html_copy_source = False
pygments_style = "a11y-high-contrast-light"
html_theme_options = {
    "use_download_button": False,  # each lesson has links of its own
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
    "navbar_persistent": [],  # one search field is enough
}


jieba.setLogLevel(logging.WARNING)  # it tells of its dictionary


_TUPLE_FIELD = type(namedtuple("_Any", "field").field)
ALIASES = {  # what Docutils' converter does not know
    r"\tfrac": r"\frac",
    r"\dots": r"\ldots",
    r"\Big(": r"\left(",
    r"\Big)": r"\right)",
}


def mathml(formula: str, block: bool) -> str:
    """A formula of LaTeX as browsers draw it without a script."""
    for name, known in ALIASES.items():
        formula = formula.replace(name, known)
    return tex2mathml(formula.strip(), as_block=block)


def _math(self, node: nodes.math, block: bool = False) -> None:
    math = mathml(node.astext(), block)
    self.body.append(f'<div class="formula" tabindex="0">{math}</div>' if block else math)
    raise nodes.SkipNode


def _is_tuple_field(_app, _what, _name, found, _skip, _options) -> bool | None:
    """Leave out "Alias for field number 0": the docstring of a named tuple has its fields."""
    return True if isinstance(found, _TUPLE_FIELD) else None


class Chinese(SearchChinese):
    """Search in Chinese: the browser cuts a question into words, too."""

    language_name = "English"  # whose stemmer Sphinx 9 brings, but calls after the language
    js_splitter_code = """
const words = new Intl.Segmenter("zh", { granularity: "word" });
var splitQuery = (query) => [...words.segment(query)]
  .filter((word) => word.isWordLike && word.segment.length > 1).map((word) => word.segment);
"""


def setup(app) -> None:
    app.add_search_language(Chinese)
    app.connect("autodoc-skip-member", _is_tuple_field)
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(_math, None),
        block_renderers=(lambda self, node: _math(self, node, block=True), None),
    )


html_math_renderer = "mathml"
