"""What the OpenAI stand-in is made of; the defaults suit a local run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from local import keys

SNAPSHOTS = {
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "gpt-4o-mini": "gpt-4o-mini-2024-07-18",
    "gpt-4o": "gpt-4o-2024-08-06",
}
CONTEXT_TOKENS = 1_047_576
LARGEST_OUTPUT_TOKENS = 32_768
PIECE_SECONDS = 0.02


@dataclass(frozen=True)
class OpenAIConfig:
    """`snapshots` maps each known model to the name in answers; `piece_seconds` is the pace of streams."""

    api_key: str = keys.OPENAI_API_KEY
    snapshots: Mapping[str, str] = field(default_factory=lambda: SNAPSHOTS)
    context_tokens: int = CONTEXT_TOKENS
    piece_seconds: float = PIECE_SECONDS

    def snapshot(self, model: str) -> str | None:
        """Return the dated name of a model, or None for one that does not exist."""
        if model in self.snapshots.values():
            return model
        return self.snapshots.get(model)
