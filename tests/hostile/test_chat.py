"""Hostile adverts and words in what the chat's assistant is told."""

import json

import pytest

from activities.chat_prompt import SITUATION, SYSTEM, messages_to, situation_of
from models.enums import ChatRole
from tests.hostile.corpus import EVERY, Hostile


@pytest.mark.parametrize("hostile", EVERY.values(), ids=EVERY)
def test_hostile_words_stay_data_and_never_speak_with_our_voice(hostile: Hostile) -> None:
    text = hostile.text
    row = {
        "preferences": {
            "titles": ["Engineer"],
            "salary_floor": 61_234,
            "work_authorisations": ["permit-of-mars"],
        },
        "applications": {"submitted": 1},
        "latest": [{"title": text, "company": text, "state": "submitted", "reason": None}],
    }
    ours, data, *said = messages_to(situation_of(row), [(ChatRole.USER, text), (ChatRole.ASSISTANT, text)])
    assert ours == {"role": "system", "content": SYSTEM}
    assert data["role"] == "user"
    told = str(data.get("content"))
    assert json.loads(told.removeprefix(SITUATION))["latest_applications"][0]["title"] == text
    assert "permit-of-mars" not in told
    assert "61234" not in told
    assert [(each["role"], each.get("content")) for each in said] == [("user", text), ("assistant", text)]
