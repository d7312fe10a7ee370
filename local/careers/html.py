"""HTML as text: escaped values, one page frame with its style, and each control of a form."""

from html import escape

from local.careers.checks import Value
from local.careers.fields import Control, Field

_STYLE = """
:root { color-scheme: light dark; --line: #8886; --accent: #2456c4; --bad: #c02a2a; --good: #1b7f4b; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; background: Canvas; color: CanvasText; }
header { border-bottom: 1px solid var(--line); padding: .8rem 1.2rem; }
header a { color: inherit; text-decoration: none; font-weight: 700; }
main { max-width: 46rem; margin: 2rem auto; padding: 0 1.2rem 3rem; overflow-wrap: anywhere; }
h1 { line-height: 1.2; margin: 0 0 .3rem; }
.meta, .hint { color: GrayText; margin: .1rem 0 .8rem; font-size: .92rem; }
.field, fieldset { margin: 0 0 1.1rem; border: 0; padding: 0; }
.field > label, legend { display: block; font-weight: 600; margin-bottom: .25rem; padding: 0; }
.choice { display: block; font-weight: 400; }
.required { color: var(--bad); }
input:not([type=radio], [type=checkbox]), select, textarea {
  width: 100%; padding: .5rem .6rem; font: inherit; border: 1px solid var(--line); border-radius: .4rem;
  background: Field; color: FieldText; }
textarea { min-height: 7rem; }
.button { display: inline-block; padding: .6rem 1.3rem; border: 0; border-radius: .4rem; font: inherit;
  font-weight: 600; background: var(--accent); color: #fff; text-decoration: none; cursor: pointer; }
.error { color: var(--bad); font-size: .92rem; }
.notice { border-left: .3rem solid var(--accent); padding: .6rem 1rem; background: #8881; }
.notice.bad { border-color: var(--bad); } .notice.good { border-color: var(--good); }
.steps { display: flex; gap: 1rem; padding: 0; list-style: none; } .steps [aria-current] { font-weight: 700; }
.captcha { border: 1px solid var(--line); border-radius: .4rem; padding: 1rem; margin-bottom: 1.1rem; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); }
"""
_STAR = ' <span class="required" title="required">*</span>'


def frame(title: str, main: str) -> str:
    """Return a whole page; `title` is escaped here, `main` must already be HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f'<body><header><a href="/">Careers</a></header><main>{main}</main></body></html>'
    )


def draw_field(field: Field, value: Value | None, error: str) -> str:
    """Return one field as HTML, with what was typed before and what was wrong with it."""
    chosen = [] if value is None else value if isinstance(value, list) else [value]
    note = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    if field.control in _CHOICES:
        return _choices(field, chosen, note)
    return _single(field, chosen, note)


def _single(field: Field, chosen: list[str], note: str) -> str:
    star = _STAR if field.required else ""
    hint = f'<p class="hint">{escape(field.hint)}</p>' if field.hint else ""
    return (
        f'<div class="field"><label for="f-{escape(field.name)}">{escape(field.label)}{star}</label>'
        f"{_control(field, chosen[0] if chosen else '')}{hint}{note}</div>"
    )


def _attributes(field: Field) -> str:
    required = " required" if field.required else ""
    limit = f' maxlength="{field.max_length}"' if field.max_length is not None else ""
    return f'id="f-{escape(field.name)}" name="{escape(field.name)}"{required}{limit}'


def _control(field: Field, text: str) -> str:
    attributes = _attributes(field)
    if field.control is Control.TEXTAREA:
        return f"<textarea {attributes}>\n{escape(text)}</textarea>"
    if field.control is Control.SELECT:
        options = "".join(
            f'<option value="{escape(option)}"{" selected" * (option == text)}>{escape(option)}</option>'
            for option in field.options
        )
        return f'<select {attributes}><option value="">Choose…</option>{options}</select>'
    value = "" if field.control is Control.FILE else f' value="{escape(text)}"'
    step = ' step="any"' if field.control is Control.NUMBER else ""
    return f'<input type="{field.control}" {attributes}{value}{step}>'


_CHOICES = {Control.RADIO: "radio", Control.CHECKBOXES: "checkbox", Control.TICK: "checkbox"}


def _choices(field: Field, chosen: list[str], note: str) -> str:
    star = _STAR if field.required else ""
    # A required group of checkboxes needs any one of them, so only the others carry the attribute.
    required = " required" if field.required and field.control is not Control.CHECKBOXES else ""
    kind, name = _CHOICES[field.control], escape(field.name)
    tick = field.control is Control.TICK
    choices = "".join(
        f'<label class="choice"><input type="{kind}" name="{name}" value="{escape(option)}"{required}'
        f"{' checked' if option in chosen else ''}> {escape(field.label) + star if tick else escape(option)}"
        "</label>"
        for option in field.options
    )
    if tick:
        return f'<div class="field">{choices}{note}</div>'
    return f"<fieldset><legend>{escape(field.label)}{star}</legend>{choices}{note}</fieldset>"
