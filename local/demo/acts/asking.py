"""A question to the assistant, whose answer is shown while it streams in."""

from local.demo.acts.untrue import UntrueError, insist
from local.demo.api import Api
from local.demo.screen import Act
from models.enums import ChatState, DeltaKind

QUESTION = "How do my applications stand, and how should I prepare for an interview there?"


async def ask(act: Act, applicant: Api) -> None:
    """Ask, show the pieces of the answer as they come, and insist that the stored answer is the same."""
    turn = await applicant.call("POST", "/api/chat/", json={"text": QUESTION})
    act.detail(f"“{QUESTION}”")
    answer = ""
    async with applicant.events(turn["stream_url"]) as pieces:
        async for piece in pieces:
            match piece.kind:
                case DeltaKind.TEXT:
                    answer += piece.data["text"]
                    act.grow(piece.data["text"])
                case DeltaKind.RESET:
                    answer = ""
                    act.grow("\n(again) ")
                case DeltaKind.END:
                    insist(
                        piece.data["state"] == ChatState.DONE,
                        f"the answer ended {piece.data['state']}: {piece.data.get('error')}",
                    )
                    break
        else:
            raise UntrueError("the stream ended in the middle of the answer")
    stored = await applicant.call("GET", f"/api/chat/{turn['answer']['id']}")
    insist(stored["text"].strip() == answer.strip(), "the stored answer is not the one that was streamed")
    act.outcome = f"answered in {len(answer.split())} words"
