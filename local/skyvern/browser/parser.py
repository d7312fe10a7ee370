"""Reads HTML into a `Page` with the standard library's tolerant parser."""

from html.parser import HTMLParser

from local.skyvern.browser.page import Control, Form, Kind, Link, Option, Page

Attributes = dict[str, str]

_VOID = frozenset({"input", "br", "img", "meta", "link", "hr"})
_SILENT = frozenset({"script", "style", "template", "noscript"})
_INPUTS = {kind.value: kind for kind in Kind if kind not in {Kind.SINGLE, Kind.MULTI, Kind.BOOLEAN}}
_CHOICES = {"radio": Kind.SINGLE, "checkbox": Kind.BOOLEAN}


def parse(url: str, status: int, html: str) -> Page:
    """Return what can be seen of a page."""
    page = Page(url, status, html)
    parser = _Parser(page)
    parser.feed(html)
    parser.close()
    parser.finish()
    return page


def squeeze(text: str) -> str:
    """Return a text in one line without the star that marks a required field."""
    return " ".join(text.split()).removesuffix("*").strip()


class _Element:
    """An open element that collects the text inside it."""

    def __init__(self, tag: str, attributes: Attributes) -> None:
        self.tag = tag
        self.attributes = attributes
        self.text: list[str] = []

    @property
    def read(self) -> str:
        return squeeze("".join(self.text))


class _Parser(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: list[_Element] = []
        self.words: list[str] = []
        self.form: Form | None = None
        self.legend = ""
        self.select: Control | None = None
        self.labels: dict[str, str] = {}
        self.ids: dict[str, str] = {}
        self.inside_label: list[tuple[Control, Option | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if any("captcha" in attributes.get(name, "").lower() for name in ("class", "id", "src", "name")):
            self.page.has_captcha = True
        if tag == "option" and self.open and self.open[-1].tag == "option":
            self.handle_endtag("option")  # its end may be left out
        if tag not in _VOID:
            self.open.append(_Element(tag, attributes))
        start = getattr(self, f"_start_{tag}", None)
        if start is not None:
            start(attributes)

    def handle_data(self, data: str) -> None:
        if any(element.tag in _SILENT for element in self.open):
            return
        for element in self.open:
            element.text.append(data)
        if not any(element.tag == "title" for element in self.open):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not any(element.tag == tag for element in self.open):
            return
        while self.open:
            element = self.open.pop()
            self._end(element)
            if element.tag == tag:
                return

    def finish(self) -> None:
        """Give labels to the controls that were labelled by id, and close what was left open."""
        while self.open:
            self._end(self.open.pop())
        self.page.text = squeeze(" ".join(self.words))
        for form in self.page.forms:
            for control in form.controls:
                own_id = self.ids.get(control.name, "")
                control.label = control.label or self.labels.get(own_id, "") or control.name

    def _end(self, element: _Element) -> None:
        if own_id := element.attributes.get("id"):
            self.page.ids[own_id] = element.read
        if element.attributes.get("role") == "alert":
            self.page.alerts.append(element.read)
        end = getattr(self, f"_end_{element.tag}", None)
        if end is not None:
            end(element)

    def _end_title(self, element: _Element) -> None:
        self.page.title = element.read

    def _end_h1(self, element: _Element) -> None:
        self.page.heading = self.page.heading or element.read

    def _end_a(self, element: _Element) -> None:
        self.page.links.append(Link(element.attributes.get("href", ""), element.read))

    def _start_form(self, attributes: Attributes) -> None:
        self.form = Form(
            attributes.get("action", ""),
            attributes.get("method", "get").lower(),
            attributes.get("enctype", "application/x-www-form-urlencoded").lower(),
        )
        self.page.forms.append(self.form)

    def _end_form(self, _element: _Element) -> None:
        self.form = None

    def _end_button(self, element: _Element) -> None:
        if self.form is not None and element.attributes.get("type", "submit") == "submit":
            self.form.button = element.read

    def _end_legend(self, element: _Element) -> None:
        self.legend = element.read

    def _end_fieldset(self, _element: _Element) -> None:
        self.legend = ""

    def _end_label(self, element: _Element) -> None:
        if target := element.attributes.get("for"):
            self.labels[target] = element.read
        for control, option in self.inside_label:
            if option is not None:
                option.text = element.read
            if option is None or not control.label:
                control.label = element.read
        self.inside_label.clear()

    def _start_input(self, attributes: Attributes) -> None:
        kind = attributes.get("type", "text").lower()
        if self.form is None:
            return
        if kind == "hidden":
            self.form.hidden[attributes.get("name", "")] = attributes.get("value", "")
        elif kind in _CHOICES:
            self._choice(_CHOICES[kind], attributes)
        elif kind == "submit":
            self.form.button = attributes.get("value", "Submit")
        else:
            self._add(_INPUTS.get(kind, Kind.TEXT), attributes)

    def _choice(self, kind: Kind, attributes: Attributes) -> None:
        name = attributes.get("name", "")
        controls = self.form.controls if self.form is not None else []
        control = next((c for c in controls if c.name == name), None)
        if control is None:
            control = self._add(kind, attributes)
            control.label = self.legend
        control.required = control.required or "required" in attributes
        if kind is Kind.BOOLEAN and (self.legend or control.options):
            control.kind = Kind.MULTI
        option = Option(attributes.get("value", "on"), "")
        control.options.append(option)
        self.inside_label.append((control, option))

    def _start_textarea(self, attributes: Attributes) -> None:
        if self.form is not None:
            self._add(Kind.TEXTAREA, attributes)

    def _start_select(self, attributes: Attributes) -> None:
        if self.form is not None:
            kind = Kind.MULTI if "multiple" in attributes else Kind.SINGLE
            self.select = self._add(kind, attributes)

    def _end_select(self, _element: _Element) -> None:
        self.select = None

    def _end_option(self, element: _Element) -> None:
        value = element.attributes.get("value", element.read)
        if self.select is not None and value:
            self.select.options.append(Option(value, element.read))

    def _add(self, kind: Kind, attributes: Attributes) -> Control:
        limit = attributes.get("maxlength", "")
        control = Control(
            attributes.get("name", ""),
            kind,
            label=attributes.get("aria-label", ""),
            required="required" in attributes,
            max_length=int(limit) if limit.isdigit() else None,
            hint=attributes.get("placeholder", ""),
        )
        if own_id := attributes.get("id"):
            self.ids[control.name] = own_id
        if any(element.tag == "label" for element in self.open) and kind not in _CHOICES.values():
            self.inside_label.append((control, None))
        if self.form is not None:
            self.form.controls.append(control)
        return control
