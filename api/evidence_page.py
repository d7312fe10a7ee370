"""The proof of one application as a page: readable and printable offline, without scripts or other sites.

Employers' and people's words are escaped and set apart from the page's own (`bdi`), whatever they hold.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html import escape
from uuid import UUID

from models.application_log import LogEntryPublic
from models.application_public import ApplicationDetail, EvidencePackage, EvidencePublic, QuestionPublic
from models.enums import ApplicationState

STATES = {
    ApplicationState.SUBMITTED: "It was submitted.",
    ApplicationState.UNKNOWN_OUTCOME: "It is not known whether it reached the employer.",
    ApplicationState.NOT_SUBMITTED: "It was not submitted.",
    ApplicationState.FAILED: "It failed and was not submitted. The employer has decided nothing.",
}
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto;
padding: 0 1rem; color: #111 }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2rem; border-bottom: 1px solid #999 }
table { border-collapse: collapse; width: 100% } td, th { border: 1px solid #bbb; padding: .3rem .5rem;
text-align: left; vertical-align: top; overflow-wrap: anywhere } th { background: #eee }
td { white-space: pre-wrap } code, pre { font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap;
overflow-wrap: anywhere } img { max-width: 100%; border: 1px solid #999 } figure { margin: 1rem 0 }
@media print { body { margin: 0; max-width: none } h2, tr, figure { break-inside: avoid } }
"""
NOTHING = "none"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' file:"

Names = Mapping[UUID, str]


def page_of(package: EvidencePackage, names: Names) -> str:
    """Return the page; `names` are the files beside it, by the ids of documents and screenshots."""
    application = package.application
    names_of_job = (application.job_title, application.job_company or "unnamed company")
    sections = [
        _section("What became of it", _outcome(application)),
        _section("Answers on the form", _answers(application.questions)),
        _section("Documents", _documents(application, names)),
        _section("What the browser was given to send", _sent(application)),
        _section("Screenshots", _screenshots(application, names)),
        _section("Runs of the browser", _runs(package)),
        _section("Everything that happened", _log(package)),
        _section("How to check this yourself", _checking(package)),
    ]
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(POLICY)}">',
            f"<title>{escape(', '.join(names_of_job))}</title><style>{STYLE}</style></head><body>",
            f"<h1>{', '.join(_words(each) for each in names_of_job)}</h1>",
            *sections,
            "</body></html>\n",
        ]
    )


def _words(text: object) -> str:
    """Return somebody else's words, which can neither be markup nor turn the page's own direction."""
    return f"<bdi>{escape(str(text))}</bdi>"


def _time(at: datetime | None) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else "never"


def _section(title: str, *parts: str) -> str:
    return f"<section><h2>{title}</h2>\n{''.join(parts)}\n</section>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Lay out cells that are escaped already."""
    head = "".join(f"<th>{each}</th>" for each in heads)
    body = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table>"


def _outcome(application: ApplicationDetail) -> str:
    said = STATES.get(application.state, "It has not been submitted.")
    facts = [
        ("State", escape(application.state.value)),
        ("Reason", escape(application.reason.value) if application.reason else NOTHING),
        ("Asked for", _time(application.created_at)),
        ("Submitted", _time(application.submitted_at)),
        (
            "The site's confirmation",
            _words(application.confirmation) if application.confirmation else NOTHING,
        ),
        ("The vendor's run", _words(application.run_id) if application.run_id else NOTHING),
        ("Application id", f"<code>{application.id}</code>"),
    ]
    return f"<p>{said}</p>{_table(('What', 'Value'), facts)}"


def _answers(questions: list[QuestionPublic]) -> str:
    if not questions:
        return "<p>The form was not read.</p>"
    rows = [
        (_words(each.label), _answer(each), each.source.value if each.source else NOTHING)
        for each in questions
    ]
    return _table(("Question", "Answer", "Source"), rows)


def _answer(question: QuestionPublic) -> str:
    if question.answer is None:
        return NOTHING
    chosen = question.answer if isinstance(question.answer, list) else [question.answer]
    return "<br>".join(_words(each) for each in chosen)


def _documents(application: ApplicationDetail, names: Names) -> str:
    if not application.documents:
        return "<p>None.</p>"
    rows = [
        (
            f'<a href="{escape(names[each.id])}">{escape(names[each.id])}</a>'
            if each.id in names
            else NOTHING,
            _words(each.file_name),
            "tailored to the job" if each.tailored else "as it was",
            "<br>".join(_words(claim) for claim in each.refused) or NOTHING,
            f"<code>{escape(each.sha256)}</code>",
        )
        for each in application.documents
    ]
    return _table(("File", "Sent as", "Text", "Claims taken out", "SHA-256"), rows)


def _sent(application: ApplicationDetail) -> str:
    if application.sent is None:
        return "<p>Nothing: no submission was begun.</p>"
    return f"<pre>{_words(json.dumps(application.sent, indent=2, ensure_ascii=False))}</pre>"


def _screenshots(application: ApplicationDetail, names: Names) -> str:
    if not application.evidence:
        return "<p>None.</p>"
    return "\n".join(_screenshot(each, names) for each in application.evidence)


def _screenshot(screenshot: EvidencePublic, names: Names) -> str:
    sha256 = f"<code>{escape(screenshot.sha256)}</code>"
    if screenshot.id not in names:
        return f"<p>A screenshot was removed after its time, {_time(screenshot.removed_at)}: {sha256}</p>"
    name = escape(names[screenshot.id])
    return f'<figure><img src="{name}" alt="Screenshot"><figcaption>{name} {sha256}</figcaption></figure>'


def _runs(package: EvidencePackage) -> str:
    if not package.runs:
        return "<p>None.</p>"
    heads = list(package.runs[0])
    return _table(heads, [[_words(run[name] or NOTHING) for name in heads] for run in package.runs])


def _log(package: EvidencePackage) -> str:
    return _table(("No.", "When", "What", "Details", "Hash"), [_entry(entry) for entry in package.log])


def _entry(entry: LogEntryPublic) -> tuple[str, ...]:
    details = "\n".join(f"{name}: {value}" for name, value in sorted(entry.data.items()) if value is not None)
    return (
        str(entry.number),
        _time(entry.at),
        escape(entry.kind.value),
        _words(details),
        f"<code>{escape(entry.hash)}</code>",
    )


def _checking(package: EvidencePackage) -> str:
    whole = "was whole" if package.log_is_whole else "was NOT whole: an entry was changed or is missing"
    return (
        f"<p>When this was made, the log's chain of hashes {whole}.</p>"
        "<p>The file <code>log.json</code> says how its entries' hashes are made, and "
        "<code>python verify.py</code> in this folder checks them and every file beside it; "
        "<code>SHA256SUMS</code> names the hash of each file.</p>"
    )
