"""Write conversations for a chat model as files that `tessellate push` reads.

    python chat.py ./conversations
    tessellate push bot/capitals --data ./conversations --chat-template model --metric exact_match

Each line is one conversation; its last message is what the model learns to say. The model's own chat template makes prompts and
replies of them. The manifest of a producer that writes to the topic itself holds the template instead:
`"chatTemplate": {"template": tokenizer.chat_template, "tokens": {"bos_token": tokenizer.bos_token, "eos_token": tokenizer.eos_token},
"switches": {}, "date": None}`, and its records the messages as JSON in the field `messages`.
"""

import json
import sys
from pathlib import Path

CAPITALS = {"France": "Paris", "Peru": "Lima", "Kenya": "Nairobi", "Japan": "Tokyo", "Norway": "Oslo", "Ghana": "Accra"}


def conversation(country, city):
    return {"id": country, "messages": [
        {"role": "user", "content": f"What is the capital of {country}?"},
        {"role": "assistant", "content": city},
    ]}


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(conversation(*pair)) for pair in CAPITALS.items()]
    (folder / "train.jsonl").write_text("\n".join(lines[:4]) + "\n")
    (folder / "eval.jsonl").write_text("\n".join(lines[4:]) + "\n")
    (folder / "meta.json").write_text(json.dumps({"task": "generation"}) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
