"""The pages of an export that people read: `index.html` leads to everything, `chat.html` is the chat."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from activities.account_export.manifest import Contents, data_file, left_out
from activities.account_export.markup import END, TABLE_END, head, link, table_head, table_row, value, words
from models.privacy.register import REGISTER
from models.privacy.rows import belongs_to, schema_of
from models.privacy.words import RECIPIENTS, TEMPORAL

Json = dict[str, Any]

CHAT = "chat.html"
INDEX = "index.html"
RESUME = "resume.json"
MANIFEST = "manifest.json"
INTRODUCTION = """<p>This is all that Jobraker holds about you, as it stood while it was collected. The \
files in <code>data/</code> are for programs: one for each table, with everything that is sealed opened. \
<code>{manifest}</code> names every file with its SHA-256, <code>SHA256SUMS</code> is for \
<code>sha256sum --check</code>, and {resume} is your newest r&eacute;sum&eacute; in the JSON Resume \
schema.</p>
"""


@dataclass
class Shown:
    """What the pages show beside the tables: of the account and the profile, and each application's files."""

    account: Json = field(default_factory=dict)
    profile: Json = field(default_factory=dict)
    resumes: list[tuple[Json, str]] = field(default_factory=list)
    files: dict[UUID, list[str]] = field(default_factory=dict)


def applications(user_id: UUID) -> Select[Any]:
    """Select a person's applications with the jobs that they are for, in the order of their making."""
    application, job = schema_of(REGISTER["application"]), schema_of(REGISTER["job"])
    columns = [application.c[name] for name in ("id", "created_at", "state", "outcome", "submitted_at")]
    return (
        select(*columns, job.c.title, job.c.company)
        .join(job, job.c.id == application.c.job_id)
        .where(belongs_to(REGISTER["application"], user_id))
        .order_by(application.c.id)
    )


async def chat_page(pages: AsyncIterator[list[Json]]) -> AsyncIterator[str]:
    """Yield the page of the conversation, from pages of its messages."""
    yield head("Your conversation with the assistant")
    async for page in pages:
        yield "".join(f"<h2>{words(_said(row))}</h2><p>{words(row['text'] or '')}</p>\n" for row in page)
    yield END


def _said(row: Json) -> str:
    return f"{row['role']}, {row['created_at'][:19].replace('T', ' ')} UTC"


async def index_page(contents: Contents, shown: Shown, pages: AsyncIterator[list[Any]]) -> AsyncIterator[str]:
    """Yield the page that leads to everything, from pages of applications."""
    yield head("Your data")
    yield INTRODUCTION.format(manifest=MANIFEST, resume=link(RESUME))
    yield "".join(_about(contents, shown))
    yield "<h2>Your applications</h2>\n"
    yield table_head(("for", "made", "state", "outcome", "sent", "files"))
    async for page in pages:
        yield "".join(table_row(_application(row, shown)) for row in page)
    yield TABLE_END + "".join(_rest(contents)) + END


def _about(contents: Contents, shown: Shown) -> Iterator[str]:
    yield f"<p>Collected from {contents.begun_at:%Y-%m-%d %H:%M:%S} UTC on.</p>\n"
    yield f"<h2>Your account</h2>\n{value(shown.account)}\n"
    yield f"<h2>What you told of yourself, and what you look for</h2>\n{value(shown.profile)}\n"
    yield f"<h2>The chat</h2>\n<p>{link(CHAT, 'Your conversation with the assistant')}</p>\n"
    yield "<h2>Your r&eacute;sum&eacute;s</h2>\n"
    yield table_head(("called", "uploaded", "original", "JSON Resume"))
    for row, name in shown.resumes:
        original = row["original"]["file"]
        yield table_row((words(row["file_name"]), words(row["created_at"]), link(original), link(name)))
    yield TABLE_END


def _application(row: Any, shown: Shown) -> Iterator[str]:  # noqa: ANN401 -- a row of a query
    yield f"{words(row['title'])}<br>{words(row['company'] or '')}"
    yield words(f"{row['created_at']:%Y-%m-%d}")
    yield words(row["state"].value)
    yield words(row["outcome"].value if row["outcome"] else "")
    yield words(f"{row['submitted_at']:%Y-%m-%d}") if row["submitted_at"] else ""
    yield "<br>".join(link(name) for name in shown.files.get(row["id"], ()))


def _rest(contents: Contents) -> Iterator[str]:
    yield "<h2>Everything, table by table</h2>\n"
    yield table_head(("table", "what it is", "rows", "kept"))
    for name, count in contents.rows.items():
        table = REGISTER[name]
        yield table_row((link(data_file(name), name), words(table.about), str(count), words(table.kept)))
    yield f"{TABLE_END}<h2>What is left out, and why</h2>\n{table_head(('table', 'columns', 'why'))}"
    for each in left_out():
        yield table_row((words(each.table), words(", ".join(each.columns)), words(each.why)))
    yield f"{TABLE_END}<h2>Where else your data is</h2>\n<dl>"
    for name, what in (("Temporal's histories", TEMPORAL), *RECIPIENTS):
        yield f"<dt>{words(name)}</dt><dd>{words(what)}</dd>"
    yield (
        "</dl>\n<p>What Skyvern was given to enter into forms stands, attempt by attempt, in "
        f"{link(data_file('submit_attempt'))}.</p>\n"
    )
