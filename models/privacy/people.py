"""The register's part about what a person tells of themselves, and what follows from it."""

from models.account_enums import RetainedKind
from models.privacy.shape import WHILE_THE_ACCOUNT, Columns, Owner, Sealed, Table

UNTIL_THEY_DELETE = "until the person deletes it"
BROUGHT_BY_THEM = "write-only: the person has it, and a stolen export must not be a key to other accounts"

PEOPLE = (
    Table(
        "profile",
        "Who a person is, what they look for, and how far Jobraker may go alone.",
        (
            Columns("id created_at user_id", "whose", ""),
            Columns(
                "identity_sealed",
                "name, e-mail, phone, place, links",
                "given to an employer's form and to nobody else",
                sealed=Sealed.JSON,
            ),
            Columns(
                "preferences",
                "titles, places, pay floor, blocked companies, right to work by country",
                "hourly matching reads it for many people at once",
            ),
            Columns(
                "automation_mode daily_cap automation",
                "how far Jobraker may go alone: thresholds, caps, quiet hours with their time zone",
                "hourly matching, and each wait before the fence",
            ),
            Columns(
                "facts_sealed",
                "typed answers for forms: address, present employer, pay, languages, demographics where the"
                " person tells them",
                "entered where a form asks; demographics and current pay never enter a prompt",
                sealed=Sealed.JSON,
            ),
            Columns(
                "wishes_changed_at matched_version",
                "when older jobs must be matched anew, and by which version of the scorer they were",
                "hourly matching",
            ),
        ),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "resume",
        "Résumés.",
        (
            Columns("id created_at user_id", "whose", ""),
            Columns(
                "file_name_sealed", "the name that the upload had", "names tell names", sealed=Sealed.TEXT
            ),
            Columns("original_sealed", "the file, unchanged", "sent with applications", sealed=Sealed.FILE),
            Columns(
                "text_sealed",
                "the text that was read from it",
                "structured, and checked against when a document is tailored",
                sealed=Sealed.TEXT,
            ),
            Columns(
                "structured_sealed",
                "the résumé as a JSON Resume document",
                "the résumé that is sent is made of it",
                sealed=Sealed.JSON,
            ),
            Columns(
                "format size sha256",
                "PDF or DOCX, bytes, hash",
                "shown in lists; proves which file was sent",
            ),
        ),
        kept=UNTIL_THEY_DELETE,
    ),
    Table(
        "integration",
        "Credentials for vendors that people bring.",
        (
            Columns("id created_at user_id vendor", "that somebody brought credentials", "shown in lists"),
            Columns(
                "credentials_sealed",
                "the credentials",
                "write-only: no answer of the API has them",
                sealed=Sealed.JSON,
                kept_back=BROUGHT_BY_THEM,
            ),
        ),
        kept=UNTIL_THEY_DELETE,
    ),
    Table(
        "answer",
        "Answers that serve every form that asks the same.",
        (
            Columns(
                "id created_at user_id topic scope provenance updated_at",
                "that there is an answer to a topic (for one country, skill or language), and where it came"
                " from",
                "found by what a form asks, whatever its wording",
            ),
            Columns("value_sealed", "the answer", "it is the person's", sealed=Sealed.JSON),
        ),
        kept=UNTIL_THEY_DELETE,
    ),
    Table(
        "approved_topic",
        "Topics of which the person has approved a drafted answer.",
        (Columns("user_id topic approved_at", "which topic, when", "auto mode asks for that first"),),
        kept=WHILE_THE_ACCOUNT,
    ),
    Table(
        "interest",
        "Titles that people look for, by their words.",
        (
            Columns(
                "user_id title word words",
                "a title that the person looks for, and its words",
                "a job's title leads to the people who may want it",
            ),
        ),
        kept="until the wishes change",
    ),
    Table(
        "job_match",
        "Which jobs were found for whom.",
        (
            Columns(
                "user_id job_id state reason created_at updated_at",
                "which job was found for whom, and why it was skipped",
                "the person can see it",
            ),
            Columns(
                "to_tell told_at",
                "whether the person is to be told of it as a strong match, and when they were",
                "each is told of once",
            ),
            Columns(
                "score confidence breakdown scorer_version",
                "how well it fits, part by part: figures, and words of the ad and of the preferences",
                "the score is explained",
            ),
        ),
        kept="a month after its job has expired, save where it led to an application; no longer than its job",
        pruned=RetainedKind.JOBS,
    ),
    Table(
        "job_mark",
        "Jobs that people saved or hid, which tells what work they look for.",
        (
            Columns(
                "user_id job_id content_key",
                "who has marked which ad, and every other ad of the same content",
                "every list leaves out what is hidden, and filters by what is saved",
            ),
            Columns(
                "saved_at hidden_at",
                "saved since, hidden since",
                "saved jobs are listed in that order",
            ),
        ),
        kept="until the person takes it away, or the ad is deleted",
    ),
    Table(
        "saved_search",
        "Who wants which search kept fresh. Whoever saves one learns nothing of who else has, nor does"
        " Adzuna.",
        (
            Columns(
                "id created_at user_id search_id origin",
                "who wants which search kept fresh, by name or because it follows from the wishes",
                "the fetch weighs a search by how many want it",
            ),
            Columns("name_sealed", "what the person calls it", "their own words", sealed=Sealed.TEXT),
        ),
        kept="until the person deletes it; of the wishes' own, until they change or automation is switched"
        " off",
    ),
    Table(
        "fetch_key",
        "Adzuna keys: the installation's, and those that people bring.",
        (
            Columns(
                "id created_at owner_id",
                "that somebody has an Adzuna key of their own; no owner is the installation's",
                "each key has its own limits",
            ),
            Columns(
                "digest",
                "a hash of the key",
                "a new key is told from the one that was refused; the key itself is sealed in `integration`",
                kept_back=BROUGHT_BY_THEM,
            ),
            Columns(
                "blocked_until blocked_times refused_at told_at",
                "until when Adzuna wants to be left alone and how often it said so, since when it refuses"
                " the key, when its owner was told",
                "asking on would only cost calls; told once",
            ),
        ),
        kept="as long as the key is in `integration`",
        owner=Owner("owner_id"),
    ),
    Table(
        "fetch_call",
        "The ledger of calls to Adzuna.",
        (
            Columns(
                "id created_at fetch_key_id search_id state settled_at",
                "one call to Adzuna: by which key, for which search, when",
                "the limits count them",
            ),
        ),
        kept="40 days, since no limit looks back so far",
        owner=Owner("fetch_key_id", "fetch_key"),
    ),
)
