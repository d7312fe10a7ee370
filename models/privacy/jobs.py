"""The register's part about jobs, and how they are fetched: public, and about no user."""

from models.account_enums import RetainedKind
from models.privacy.shape import IT_IS_PUBLIC, NOBODY, Columns, Erased, Table

MADE_FOR_SEARCH = "made by the machine, for searching only"

JOBS = (
    Table(
        "job",
        "Ads, as they were advertised.",
        (
            Columns("id created_at source source_id seen_at expired_at", "where it came from", ""),
            Columns(
                "title company description category category_label contract_type contract_time posted_at url",
                "the ad",
                "search",
            ),
            Columns("country location area latitude longitude remote", "where", "search"),
            Columns(
                "salary_min salary_max salary_predicted currency",
                "pay, and whether it is only Adzuna's estimate",
                "search",
            ),
            Columns(
                "remote_reason salary_period salary_eur",
                "the words that offer work from home, what the pay is for, and the employer's own figure a"
                " year in euro",
                "search",
            ),
            Columns(
                "content_key fingerprint",
                "hashes of what counts as the same ad, the same job",
                "duplicates",
                kept_back=MADE_FOR_SEARCH,
            ),
            Columns(
                "search cell",
                "the ad's words for full text, and the square that it lies in; PostgreSQL makes both of the"
                " other columns",
                "search",
                kept_back=MADE_FOR_SEARCH,
            ),
            Columns(
                "rematch",
                "whether it changed so that it must be matched anew",
                "hourly matching",
                kept_back=MADE_FOR_SEARCH,
            ),
        ),
        kept="`JOBRAKER_PRIVACY__EXPIRED_JOB_DAYS` days after it has expired, save where somebody applied to"
        " it or marked it",
        owner=NOBODY,
        pruned=RetainedKind.JOBS,
        erased=Erased.NOBODY,
        lent=("application.job_id", "job_mark.job_id", "job_match.job_id"),
    ),
    Table(
        "job_search",
        "Searches that are kept fresh: one row for all who want the same, which names nobody.",
        (
            Columns(
                "id created_at key is_default",
                "which search, and whether the settings name it",
                "found by it",
            ),
            Columns(
                "country what where distance_km salary_min contract_type contract_time category remote",
                "what Adzuna is asked; a person may have typed it",
                "sent to Adzuna as it stands",
            ),
            Columns(
                "tried_at fetched_at newest_posted_at next_at ads_brought ads_last last_error",
                "how fresh it is: times, counts, a word of a closed set",
                "shown beside it; the stalest is fetched first",
            ),
        ),
        kept="until nobody wants it any more, be it for an erasure; one of the settings, a month longer",
        owner=NOBODY,
        erased=Erased.NOBODY,
        lent=("saved_search.search_id",),
    ),
    Table(
        "term",
        "Titles, companies and places that ads name: of ads, not of what people typed.",
        (
            Columns(
                "kind country normal shown jobs tier seen_at",
                "a title, company or place, how many ads name it, and since when none does",
                "typing help",
            ),
            Columns("latitude longitude located", "the middle of a place's jobs", "a radius around it"),
        ),
        kept="as long as ads name it, and a while longer",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "term_word",
        "Words of ads.",
        (
            Columns(
                "word jobs seen_at",
                "a word of ads, how many have it, and since when none has",
                "typos are mended by it",
            ),
        ),
        kept="as long as ads have it, and a while longer",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "exchange_rate",
        "Rates of currencies.",
        (Columns("currency per_euro as_of", "the rate of a currency on a day", IT_IS_PUBLIC),),
        kept="until a newer one is given",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "sweep_mark",
        "How far the jobs have been matched.",
        (Columns("name at job_id", "the last job that was matched", IT_IS_PUBLIC),),
        kept="always",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "vendor_workflow",
        "Workflows at Skyvern: which exists in which account.",
        (
            Columns(
                "account_hash definition_hash workflow_id",
                "hashes of an API key and of a definition, and the workflow's id",
                "made once for each account; of a key that a person brought, its hash leads to nobody"
                " without the key",
            ),
        ),
        kept="always",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "fetch_run",
        "Fetches of ads.",
        (
            Columns(
                "id created_at workflow_run_id ended_at pages ads_new ads_changed ads_unchanged"
                " ads_unreadable errors left_out",
                "counts of one fetch",
                IT_IS_PUBLIC,
            ),
        ),
        kept="always: it is small, and about nobody",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
    Table(
        "fetched_page",
        "Pages of a fetch that were counted.",
        (Columns("fetch_run_id search_id page", "that a page was counted", IT_IS_PUBLIC),),
        kept="as long as its fetch and its search",
        owner=NOBODY,
        erased=Erased.NOBODY,
    ),
)
