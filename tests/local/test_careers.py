"""The employer's careers site: forms by slug, server-side checks, and a ledger that removes no doubles."""

import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from local.careers.app import create_app
from local.form_kinds import FormKind, kind_of
from local.serving import serve
from local.skyvern.services import tls

RESUME = b"%PDF-1.7 a resume"
# Either way of asking for the name is answered; what a form does not ask is ignored.
PERSON = {
    "name": "Ada Lovelace",
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.org",
    "phone": "+44 20 7946 0000",
}
PLACE = {"location": "London, United Kingdom"}
RIGHT_TO_WORK = {"work_authorisation": "Yes", "sponsorship": "No"}
LONG = {
    **PERSON,
    **PLACE,
    **RIGHT_TO_WORK,
    "salary_expectation": "60000",
    "notice_period": "1 month",
    "start_date": "2027-01-04",
    "consent": "yes",
    "languages": ["English", "French"],
}


def attachment(content: bytes = RESUME, name: str = "resume.pdf") -> dict[str, tuple[str, bytes]]:
    return {"resume": (name, content)}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        serve(create_app(tmp_path / "careers.sqlite3", slow_seconds=0)) as url,
        httpx.AsyncClient(base_url=url, verify=tls()) as client,
    ):
        yield client


async def ledger(site: httpx.AsyncClient, **wanted: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = (await site.get("/_control/ledger", params=wanted)).json()
    return rows


async def apply(site: httpx.AsyncClient, slug: str) -> httpx.Response:
    return await site.post(f"/jobs/{slug}/apply", data=PERSON, files=attachment())


async def test_an_accepted_application_is_confirmed_and_in_the_ledger(site: httpx.AsyncClient) -> None:
    answer = await apply(site, "short-1")

    assert answer.status_code == 200
    assert "Application received" in answer.text
    confirmation = re.search(r"CONF-[0-9A-F]{8}", answer.text)
    assert confirmation is not None
    (row,) = await ledger(site)
    assert row["confirmation_id"] == confirmation[0]
    assert row["slug"] == "short-1"
    assert row["email"] == "ada@example.org"
    assert row["file_name"] == "resume.pdf"
    assert row["file_sha256"] == hashlib.sha256(RESUME).hexdigest()
    assert row["file_size"] == len(RESUME)


async def test_the_advert_leads_to_the_form(site: httpx.AsyncClient) -> None:
    advert = await site.get("/jobs/5657394378")
    link = re.search(r'rel="apply" href="([^"]+)"', advert.text)
    assert link is not None
    form = await site.get(link[1])
    assert 'name="email"' in form.text


async def test_a_second_application_is_a_second_row(site: httpx.AsyncClient) -> None:
    await apply(site, "short-1")
    await apply(site, "short-1")
    await apply(site, "short-2")

    assert len(await ledger(site, slug="short-1")) == 2
    assert (await site.get("/_control/ledger/count")).json() == {"count": 3}
    assert (await site.get("/_control/ledger/count", params={"slug": "short-2"})).json() == {"count": 1}
    assert await ledger(site, email="bob@example.org") == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"email": ""}, "This field is required."),
        ({"email": "ada at home"}, "Enter an e-mail address."),
        ({"phone": "call me"}, "Enter a phone number."),
        ({"cover_letter": "x" * 2001}, "Write at most 2000 characters."),
    ],
)
async def test_a_wrong_value_brings_the_form_again_and_no_row(
    site: httpx.AsyncClient, change: dict[str, str], problem: str
) -> None:
    answer = await site.post("/jobs/short-1/apply", data=PERSON | change, files=attachment())

    assert answer.status_code == 422
    assert problem in answer.text
    assert 'value="Ada' in answer.text
    assert await ledger(site) == []


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (b"", "resume.pdf", "The file is empty."),
        (RESUME, "resume.exe", "The file must end in"),
        (b"x" * (10 * 1024 * 1024 + 1), "resume.pdf", "The file is larger than 10 MB."),
    ],
)
async def test_a_bad_file_is_refused(
    site: httpx.AsyncClient, content: bytes, name: str, problem: str
) -> None:
    answer = await site.post("/jobs/short-1/apply", data=PERSON, files=attachment(content, name))
    assert problem in answer.text
    assert await ledger(site) == []


async def test_a_form_without_its_file_is_refused_even_when_urlencoded(site: httpx.AsyncClient) -> None:
    answer = await site.post("/jobs/short-1/apply", data=PERSON)
    assert "Attach a file." in answer.text
    assert await ledger(site) == []


async def test_the_long_form_checks_choices_numbers_and_dates(site: httpx.AsyncClient) -> None:
    form = (await site.get("/jobs/long-gb-1/apply")).text
    assert "authorised to work in the United Kingdom?" in form
    skill = re.search(r'name="(years_with_[a-z]+)"', form)
    assert skill is not None
    wrong = {"notice_period": "a fortnight", "salary_expectation": "much", "start_date": "soon"}

    refused = await site.post("/jobs/long-gb-1/apply", data=LONG | wrong, files=attachment())
    for problem in ("Choose one of the options.", "Enter a number.", "Enter a date.", "is required."):
        assert problem in refused.text
    accepted = await site.post("/jobs/long-gb-1/apply", data=LONG | {skill[1]: "3"}, files=attachment())

    assert "Application received" in accepted.text
    (row,) = await ledger(site)
    fields = row["fields"]
    assert isinstance(fields, dict)
    assert fields["languages"] == ["English", "French"]
    assert fields[skill[1]] == "3"


async def test_a_multipage_form_is_one_application(site: httpx.AsyncClient) -> None:
    path = "/jobs/multipage-1/apply"
    second = await site.post(path, data={**PERSON, **PLACE, "page": "0", "draft": ""})
    draft = re.search(r'name="draft" value="([^"]+)"', second.text)
    assert draft is not None
    third = await site.post(path, data={"page": "1", "draft": draft[1]}, files=attachment())
    assert "Submit application" in third.text
    assert await ledger(site) == []
    done = await site.post(path, data={**RIGHT_TO_WORK, "page": "2", "draft": draft[1]})

    assert "Application received" in done.text
    (row,) = await ledger(site)
    assert row["email"] == "ada@example.org"
    assert row["file_size"] == len(RESUME)


async def test_a_later_page_without_its_session_begins_again(site: httpx.AsyncClient) -> None:
    answer = await site.post("/jobs/multipage-1/apply", data={**RIGHT_TO_WORK, "page": "2", "draft": "x"})
    assert answer.status_code == 422
    assert "Your session is over" in answer.text
    assert await ledger(site) == []


@pytest.mark.parametrize(
    ("slug", "status", "text"),
    [
        ("closed-1", 410, "no longer accepting applications"),
        ("broken-1", 500, "Something went wrong"),
        ("login-1", 303, ""),
        ("captcha-1", 422, "The letters do not match"),
    ],
)
async def test_an_obstacle_lets_no_application_through(
    site: httpx.AsyncClient, slug: str, status: int, text: str
) -> None:
    answer = await apply(site, slug)
    assert answer.status_code == status
    assert text in answer.text
    assert await ledger(site) == []


async def test_the_login_wall_asks_for_a_password(site: httpx.AsyncClient) -> None:
    wall = await site.get("/jobs/login-1/apply", follow_redirects=True)
    assert 'type="password"' in wall.text
    assert wall.url.path == "/login"


async def test_noconfirm_accepts_without_saying_so(site: httpx.AsyncClient) -> None:
    answer = await apply(site, "noconfirm-1")
    assert answer.status_code == 200
    assert "CONF-" not in answer.text
    assert "received" not in answer.text
    (row,) = await ledger(site)
    assert row["confirmation_id"] is None


async def test_hostile_text_is_shown_as_text(site: httpx.AsyncClient) -> None:
    hostile = "<script>alert(1)</script>\"'"
    slug = httpx.URL("http://x/").copy_with(path=f"/jobs/short-{hostile.replace('/', '')}").raw_path.decode()
    answer = await site.post(f"{slug}/apply", data=PERSON | {"name": hostile, "email": hostile})
    advert = await site.get(slug)
    await site.post("/jobs/short-1/apply", data=PERSON | {"email": "<b>@x.org"}, files=attachment())
    index = await site.get("/")

    for page in (answer, advert, index):
        assert "<script>" not in page.text
        assert "<b>" not in page.text
    assert "&lt;b&gt;@x.org" in index.text


async def test_the_ledger_outlives_the_process(tmp_path: Path) -> None:
    database = tmp_path / "careers.sqlite3"
    for expected in (1, 2):
        async with serve(create_app(database)) as url, httpx.AsyncClient(base_url=url) as client:
            await apply(client, "short-1")
            assert len(await ledger(client)) == expected


async def test_the_state_can_be_cleared(site: httpx.AsyncClient) -> None:
    await apply(site, "short-1")
    assert (await site.delete("/_control/state")).status_code == 204
    assert await ledger(site) == []


async def test_a_lost_answer_still_leaves_its_row(site: httpx.AsyncClient) -> None:
    fault = {"kind": "cut", "method": "POST", "after_effect": True, "times": 1}
    await site.post("/_control/faults", json=fault)
    with pytest.raises(httpx.RemoteProtocolError):
        await apply(site, "short-1")
    assert len(await ledger(site)) == 1


def test_slugs_without_a_kind_are_mostly_easy() -> None:
    kinds = Counter(kind_of(str(5_000_000_000 + number)) for number in range(2000))
    assert set(kinds) == {
        FormKind.SHORT,
        FormKind.LONG,
        FormKind.MULTIPAGE,
        FormKind.CLOSED,
        FormKind.LOGIN,
    }
    assert kinds[FormKind.SHORT] > 1000
    assert kinds[FormKind.CLOSED] + kinds[FormKind.LOGIN] < 200
    assert kind_of("unsafe-job") is FormKind.UNSAFE
