"""The page's template, and how it is filled in: nothing that a task or a model has written can be more than text."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path

import jinja2
from markupsafe import Markup

from prover.report import words
from prover.report.curves import draw_key
from prover.report.drawings import draw_bar, draw_whisker

_FOLDER = Path(__file__).parent


def fill(**values: object) -> Iterator[str]:
    """The page in pieces. Its policy lets browsers run and apply our own script and style, known by their digests, and
    load nothing."""
    css, js = (Markup((_FOLDER / name).read_text(encoding="utf-8")) for name in ("page.css", "page.js"))
    policy = (
        f"default-src 'none'; style-src '{_digest(css)}'; script-src '{_digest(js)}'; base-uri 'none'; "
        "form-action 'none'"
    )
    template = _environment().get_template("page.html.j2")
    yield from template.generate(css=css, js=js, policy=policy, **values)


def _environment() -> jinja2.Environment:
    """Everything that is filled in is made harmless, then escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": words.percent,
        "seconds": words.seconds,
        "signed": words.signed,
        "usd": words.usd,
        "count": words.count,
        "whisker": lambda rate: Markup(draw_whisker(rate.value, rate.interval)),
        "bar": lambda counts: Markup(draw_bar(counts)),
        "key": lambda place: Markup(draw_key(place)),
        "line": words.one_line,
        "slug": lambda kind: str(kind).replace(" ", "-"),
    }
    environment.globals |= {"glyphs": words.GLYPHS, "meanings": words.MEANINGS}
    return environment


def _harmless(value: object) -> object:
    return words.harmless(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _digest(text: str) -> str:
    """What a content security policy calls an inline script or style by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
