"""`jobraker demo` against a running stack: the whole story, and that it fails loudly."""

import re
from pathlib import Path

from local.supervisor.watchdog import Watchdog
from local.throwaway import LocalStack
from tests.e2e.people import calm, control

DEMO_SECONDS = 120.0


async def test_the_demo_plays_the_whole_story_and_the_employer_has_it_once(stack: LocalStack) -> None:
    demo = stack.run("demo", seconds=DEMO_SECONDS)
    assert demo.returncode == 0, demo.stdout + demo.stderr
    acts = re.findall(r"^✓ (\w+)", demo.stdout, re.MULTILINE)
    assert acts == [
        *("register", "profile", "saved", "fetch", "search", "match"),
        *("review", "proof", "alone", "proof", "assistant"),
    ]
    reviewed = "needs_input → preparing → awaiting_approval → approved → submitting → confirming → submitted"
    told = " ".join(demo.stdout.split())
    assert reviewed in told
    assert "preparing → approved → submitting → confirming → submitted" in told
    brought = re.search(r"“Engineer, Leeds, United Kingdom”: (\d+) ads came, the list has (\d+)", told)
    assert brought is not None
    assert min(map(int, brought.groups())) > 0
    assert re.search(r"✓ match +.+ fits best: [1-9]\d* of 100", told)
    assert re.search(r"Its title is one that you look for: .*engineer", told)
    assert re.search(r"title +[1-9]\d* +counts 20 of 100", told)
    assert demo.stdout.count("you answer") == 2
    assert demo.stdout.count("you approve") == 1
    email = re.findall(r"[\w.]+@example\.com", demo.stdout)[0]
    assert await control(stack, "careers", f"ledger/count?email={email}") == {"count": 2}


async def test_the_demo_goes_on_after_an_application_that_failed_and_names_the_act_that_did(
    stack: LocalStack,
) -> None:
    invalid = {"detail": [{"type": "missing", "loc": ["body"], "msg": "Field required"}]}
    refusal = {"kind": "status", "status": 422, "path": "/v1/run/workflows", "times": 1, "body": invalid}
    await control(stack, "skyvern", "faults", refusal)
    await control(stack, "openai", "faults", {"kind": "status", "status": 401, "path": "/v1/chat"})
    try:
        demo = stack.run("demo", seconds=DEMO_SECONDS)
    finally:
        await calm(stack)
    told = " ".join(demo.stdout.split())
    assert "→ failed (provider_error)" in told
    assert told.index("→ failed") < told.index("→ submitted")
    assert demo.stdout.count("✓ proof") == 2
    assert "✗ assistant  the answer ended failed" in demo.stdout
    assert demo.returncode == 1


def test_the_demo_says_how_to_start_what_it_needs(tmp_path: Path, watchdog: Watchdog) -> None:
    demo = LocalStack(tmp_path, watchdog).run("demo")
    assert demo.returncode == 1
    assert "nothing runs on" in demo.stdout
    assert "make run" in demo.stdout
