"""What the privacy document and the exports say beside the register: where else data goes, and what stays."""

INTRODUCTION = """\
# What is stored where, and why

This is the register of everything that Jobraker keeps about people, column by column. It is code \
(`models/privacy/`), and this page is rendered from it by `python -m models.privacy.document`: a column \
that is not described, or one whose sealing is told wrongly, fails the build. The export and the erasure \
go by the same register ([decision 31](decisions/0031-the-register-is-code.md)).

**Sealed** means encrypted with AES-256-GCM under a data key that each person has for themselves. The \
data key is stored wrapped by a master key of the installation's key ring, which is in the environment \
and never in the database. A sealed value is bound to its place (table, column, row): moved elsewhere, it \
does not open. Whoever has the database alone reads nothing that is sealed.

**Exported** says whether the column is in the export that each person can ask for; where it is not, the \
reason stands there.
"""

PLAIN = """\
## What is personal and stands in plain
PostgreSQL cannot search, join or count what is sealed. So these stay readable for whoever has the \
database, each for its reason:

- `account.email`: it is found at login and must be unique. Nothing is gained by a hash: addresses can be \
guessed and hashed.
- `profile.preferences`, `profile.automation`, `interest`: hourly matching joins the wishes of all people \
with all new jobs.
- `job_match`, `job_mark`, `saved_search`, `application` with its states, `interview.at`: lists, caps, \
counters and unique indexes are PostgreSQL's work. They tell who looked for and applied to which public \
job, and how that stands.
- `application_question` without its answers: the employer's form, the same for every applicant.
- Ids, times, counts and words of closed sets everywhere: they order, page and limit.

They are kept to what that needs, go into the export, and are deleted by the erasure like everything \
else.
"""

TEMPORAL = (
    "ids, counts and words of closed sets, and nothing else. Arguments, results and failures are encrypted"
    " besides: those of a person's own workflows by that person's key, the others by the installation's."
    " Workflow ids and search attributes hold opaque ids in plain. They are kept for the namespace's"
    " retention (30 days by default) after a workflow has ended, and an erasure deletes them at once"
)

RECIPIENTS: tuple[tuple[str, str], ...] = (
    (
        "Adzuna",
        "learns the terms of the searches and nothing about who wants them. Where a person brought a key of"
        " their own, theirs are asked by it first, so Adzuna sees them in that person's account.",
    ),
    (
        "Skyvern",
        "is first asked to read a form, and then knows its address and nothing about anybody. To submit, it"
        " gets what was shown and approved: the answers to that form's questions, the résumé and, where there"
        " is one, the letter. It types that into the employer's form, and keeps it by its own rules. An"
        " erasure cancels the runs and deletes the files there as far as Skyvern lets us.",
    ),
    (
        "The employer",
        "gets what the form asked for and the profile answers. Nothing is invented. What an employer has"
        " received is theirs: neither an export nor an erasure here reaches it.",
    ),
    (
        "OpenAI",
        "gets, in the chat, the latest messages of the conversation, the wished titles and places, and how"
        " the applications stand, with the titles and companies of the last five: no name, no address, no"
        " résumé, no right to work. For an application it gets the ad, the form's open questions and the"
        " résumé's content, to draft answers and to tailor documents: never demographics, health, religion,"
        " date of birth, criminal record, clearance, current pay or the right to work.",
    ),
    (
        "The mail server",
        "gets the e-mail address and one sentence: a job's title and company, or what happened to the"
        " account, with a link where one is needed.",
    ),
)

ELSEWHERE = """\
- **Logs, metrics, error reports**: ids and words of closed sets. Of an exception its class and the lines \
of code are kept, never its text.
- **The files of PostgreSQL** keep what was deleted for a while: a row's bytes stay in the table's file \
until vacuum has freed them and something else has overwritten them, and in the write-ahead log until its \
segments are recycled, or longer where they are archived or replicated. What was sealed is noise there \
without the master keys. Columns that are not sealed can be read in such remains by whoever reads the \
disk; encrypt it.
- **Backups** hold everything that stood in the database when they were made, until they are rotated \
away, and with each account its wrapped key: after an erasure, sealed values can still be opened from a \
backup of before by whoever has it **and** the master keys. Keep backups no longer than you promise \
people, and apart from the master keys. Before you restore one, save the table `erasure`: its receipts \
tell by `subject_hash` whom the backup brings back, and they must be erased again.
- **This machine's memory and `.jobraker/`** (under `make run` only): the embedded servers' data, their \
logs and the generated keys, readable by their owner alone.
"""

RIGHTS = """\
## What people can ask for
- **To see everything** (Art. 15 and 20): `POST /api/privacy/exports/` collects what the register names \
as a ZIP with a readable page, one JSON file for each table with what is sealed opened, each résumé as a \
JSON Resume document, and every file. It is kept in sealed pieces, is handed out by a link that is good \
once and for minutes, and is deleted after `JOBRAKER_PRIVACY__EXPORT_DAYS` days.
- **To see who looked**: `GET /api/privacy/audit` lists what administrators did with one's data, and why.
- **To take a consent back**: `/api/privacy/consents`.
- **To be forgotten** (Art. 17): `POST /api/privacy/erasure`, confirmed a second time, begins after a \
cooling-off period of `JOBRAKER_PRIVACY__ERASURE_HOURS` hours in which it can be undone. It ends the \
person's workflows, cancels runs and deletes files at vendors, deletes the rows as the register says, \
deletes Temporal's histories, and destroys the data key last ([decision \
30](decisions/0030-an-erasure-goes-forward.md)). What stays is a receipt of counts and hashes, and \
entries of the audit log without their reasons, whose ids lead nowhere.
"""
