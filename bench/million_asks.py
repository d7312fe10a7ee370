"""What is asked of a market of a million jobs: the five usual things, and those that are hard to find.

Each is asked for in several ways in turn, so that not just one answer is at hand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bench.million_words import COINED_WORDS, coined

JOBS = "/api/jobs/"
PLAIN = (JOBS, f"{JOBS}?limit=50", f"{JOBS}?limit=10")
RARE_WORDS = tuple(coined(COINED_WORDS - number).title() for number in (5, 50, 500, 5000))
"""Each is in a handful of ads."""


@dataclass(frozen=True)
class Ask:
    """One kind of question, in several ways. `goal` is for the requests a second, beside the limit's."""

    name: str
    targets: Sequence[str]
    goal: float = 0.9


def _jobs(*queries: str) -> list[str]:
    return [f"{JOBS}?{query}" for query in queries]


FILTERED = _jobs(
    "country=gb&title=engineer&salary=30000",
    "country=de&remote=true&employment_type=permanent",
    "country=us&category=it-jobs&posted_within=7",
    "country=fr&company=groupe&salary_known=true",
    "country=nl&title=monteur&employment_type=full_time",
    "country=au&location=sydney&category=admin-jobs",
)
FULL_TEXT = _jobs(
    "q=python+engineer&country=gb&remote=true&employment_type=permanent",
    "q=nurse&country=us&salary=40000&employment_type=full_time",
    "q=SAP&country=de&category=accounting-finance-jobs&posted_within=30",
    "q=d%C3%A9veloppeur&country=fr&remote=true&posted_within=60",
    "q=%22project+manager%22&country=ca&salary_known=true&posted_within=30",
    "q=kubernetes+-junior&country=in&category=it-jobs&employment_type=permanent",
)
TYPING = [
    f"/api/jobs/suggestions?kind={kind}&text={text}{country}"
    for country in ("", "&country=gb")
    for kind, text in (
        *(("title", text) for text in ("s", "softw", "project+man", "enginer", "nurse+pract")),
        *(("company", text) for text in ("b", "gra", "sacab")),
        *(("place", text) for text in ("l", "manch", "birmingam")),
    )
]
HARD: Mapping[str, Sequence[str]] = {
    "rare_combination": _jobs(
        "country=nz&remote=true&category=teaching-jobs&employment_type=part_time",
        "country=sg&remote=true&category=healthcare-nursing-jobs&employment_type=contract",
        "q=manager&country=de&remote=true&category=it-jobs",
    ),
    "common_word": _jobs("q=manager", "q=engineer", "q=team+work", "q=senior", "title=manager", "title=eng"),
    "middling_word": _jobs(
        "q=receptionist", "q=plumber", "title=pharmacist&sort=newest", "q=kafka+terraform"
    ),
    "rare_word": _jobs(
        *(f"q={word}" for word in RARE_WORDS), *(f"q={word}&sort=newest" for word in RARE_WORDS)
    ),
    "rare_beginning": _jobs(
        "title=zzyx", "company=qqua", "location=xylo", "title=zea&country=nz", "title=manager&company=zzyx"
    ),
    "radius": _jobs(
        "near=51.5074,-0.1278&radius_km=25",
        "near=48.1372,11.5755&radius_km=10&q=pflege",
        "near=-33.8688,151.2093&radius_km=100&title=engineer",
        "near=40.7128,-74.006&radius_km=50&remote=true",
        "location=manchester&radius_km=30",
    ),
    "by_salary": _jobs(
        "sort=salary",
        "sort=salary&country=gb&title=engineer",
        "sort=salary&q=nurse",
        "sort=salary&country=nz",
    ),
    "by_score": _jobs("min_score=70", "sort=score", "min_score=90&country=gb&q=engineer"),
    "saved": _jobs("saved=true", "hidden=true", "saved=true&q=manager"),
    "counted": _jobs("count=true", "count=true&q=manager", "count=true&country=gb&remote=true"),
    "facets": _jobs("facets=true", "facets=true&q=manager", "facets=true&country=de&category=it-jobs"),
    "mistyped": _jobs("q=enginer", "q=sofware+develper", "title=recepsionist"),
}


@dataclass(frozen=True)
class Asks:
    """All that is asked, when the targets that only the data tells are known."""

    deep: Sequence[str]
    usual: list[Ask] = field(init=False)
    hard: list[Ask] = field(init=False)

    def __post_init__(self) -> None:
        """List them."""
        usual = [
            Ask("plain", PLAIN),
            Ask("filtered", FILTERED),
            Ask("full_text", FULL_TEXT),
            Ask("deep", self.deep),
            Ask("typing", TYPING),
        ]
        object.__setattr__(self, "usual", usual)
        object.__setattr__(self, "hard", [Ask(name, targets) for name, targets in HARD.items()])
