"""Salaries in euro by the rates of today: computed anew, page by page behind a mark, when rates have changed.

Only pay in currencies whose rate is another now is written. No match is made anew for it: what a rate moves
in a few days decides nobody's job.
"""

from models.database import Database
from models.exchange_rate import PRICES_MARK, PRICING_LOCK, SALARY_EUR
from workflows.job_messages import UpkeepPage

JOBS_A_PAGE = 5000

_PREPARE = f"""
SELECT set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), pg_advisory_xact_lock({PRICING_LOCK})
"""
_MARK = "SELECT job_id FROM sweep_mark WHERE name = %(name)s FOR UPDATE"
_PRICE = f"""
WITH page AS MATERIALIZED (
    SELECT id, {SALARY_EUR.format(job="job")} AS euro
    FROM job WHERE id > %(after)s ORDER BY id LIMIT %(limit)s
), priced AS (
    UPDATE job SET salary_eur = page.euro FROM page
    WHERE job.id = page.id AND job.salary_eur IS DISTINCT FROM page.euro RETURNING 1
)
SELECT (SELECT count(*) FROM priced) AS rows, (SELECT count(*) FROM page) AS jobs, id
FROM page ORDER BY id DESC LIMIT 1
"""  # noqa: S608 -- our own columns' names
_MOVE = "UPDATE sweep_mark SET job_id = %(job_id)s WHERE name = %(name)s"
_END = "DELETE FROM sweep_mark WHERE name = %(name)s"


async def price(database: Database, jobs_a_page: int = JOBS_A_PAGE) -> UpkeepPage:
    """Compute the next page of salaries in euro anew, if any are by older rates.

    The mark moves in the page's own transaction, so a call that is repeated goes on where the last one ended.
    """
    name = {"name": PRICES_MARK}
    async with database.bulk() as connection:
        await connection.execute(_PREPARE.encode())
        mark = await (await connection.execute(_MARK, name)).fetchone()
        if mark is None:
            return UpkeepPage(rows=0, more=False)
        parameters = {"after": mark["job_id"], "limit": jobs_a_page}
        page = await (await connection.execute(_PRICE.encode(), parameters)).fetchone()
        if page is None or page["jobs"] < jobs_a_page:
            await connection.execute(_END, name)
            return UpkeepPage(rows=page["rows"] if page else 0, more=False)
        await connection.execute(_MOVE, {**name, "job_id": page["id"]})
        return UpkeepPage(rows=page["rows"], more=True)
