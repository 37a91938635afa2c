"""Drawing a page: never while a writer waits, always with who is looking."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask, current_app, g, render_template
from flask_wtf.csrf import generate_csrf
from jinja2 import StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from app.base.clock import local
from app.base.commands import commands_in
from app.base.gate import must_not_hold
from app.config import Settings
from app.papers.news import version
from app.people.rules import NO_CHARACTERS
from app.web.drawings import prepare_drawings
from app.web.guards import may_open
from app.web.kept import waits_for
from app.web.network import home_address
from app.web.second_step import paper_left
from app.web.text_settings import text_choice
from app.web.viewer import viewer_here
from app.web.word import word_on_me

AS_STARTED = " (with the DATA_DIR and KEYS_DIR that Catkin was started with)"
"""After a command on a page that anybody may read."""
UNSHOWABLE = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f{NO_CHARACTERS}]")


def page(template: str, /, **values: Any) -> str:
    """The page at templates/`template`.html."""
    must_not_hold()
    return render_template(f"{template}.html", **values)


def _day(moment: Any) -> str:
    here = local(moment)
    return f"{here:%A} {here.day} {here:%B}"


def _clock(moment: Any) -> str:
    here = local(moment)
    return f"{here.hour}:{here:%M}"


def _date(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


def _when(moment: Any) -> str:
    return f"{_day(moment)}, {_clock(moment)}"


def as_said(text: str) -> str:
    """Words as they were said, with the signs that no page may hold made visible."""
    return type(text)(UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", text))  # Markup stays Markup.


@pass_context  # Or it would be worked out once for every Catkin of this process.
def with_commands(_context: Context, text: str, *, to_all: bool = False) -> Markup:
    """Words with each of Catkin's commands set apart, as they work on this computer; a line breaks
    between their parts alone. What is drawn `to_all` names none of its folders."""
    settings: Settings = current_app.extensions["catkin"].settings
    shown = Markup("")
    for words, parts in commands_in(text if to_all else settings.whole(text)):
        shown += words
        if parts:
            spans = Markup(" ").join(Markup("<span>{}</span>").format(one) for one in parts)
            shown += Markup('<code class="command">{}</code>').format(spans)
            shown += AS_STARTED if to_all and settings.folders else ""
    return shown


def _token() -> str:
    """The token of a form; in a page that is drawn for many, the mark that stands for it."""
    return str(g.get("token_of_page") or generate_csrf())


def prepare_pages(app: Flask) -> None:
    """Undefined names are errors; days and times as schools write them."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=_day, date=_date, clock=_clock, when=_when, said=as_said, with_commands=with_commands
    )
    app.jinja_env.globals.update(csrf_token=_token, version=version)
    prepare_drawings(app)

    @app.context_processor
    def looking() -> dict[str, Any]:
        return {
            "viewer": viewer_here,
            "may_open": may_open,
            "unsent_waits_for": waits_for,
            "paper_left": paper_left,
            "home_address": home_address,
            "text_choice": text_choice,
            "word_on_me": word_on_me,
        }
