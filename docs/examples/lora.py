"""Scores texts with a task's view that was exported as a LoRA adapter, without any code of Tessellate.

    pip install torch transformers peft
    python lora.py BASE ADAPTER TEXT [TEXT ...]

BASE is the Hugging Face directory the model was registered with, ADAPTER what
`tessellate models export MODEL --task TASK --format lora --out ADAPTER` wrote for a task of method lora or pissa; for
encoders. A PiSSA adapter is an ordinary LoRA of twice the rank, so the base stays as it is. Prints one line of logits per
text: those the evaluator sees, up to the rounding of base + scale B A in single precision.
"""

import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from transformers import AutoModel, PreTrainedTokenizerFast


def main(base, adapter, *texts):
    model = PeftModel.from_pretrained(AutoModel.from_pretrained(base), adapter)
    model = model.merge_and_unload().eval()  # W + scale B A; leave it out to keep the adapter apart
    head = load_file(f"{adapter}/head.safetensors")
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{base}/tokenizer.json", pad_token="[PAD]")
    batch = tokenizer(list(texts), padding=True, return_tensors="pt")
    mask = batch["attention_mask"].unsqueeze(-1)
    with torch.no_grad():
        hidden = model(**batch).last_hidden_state
        mean = (hidden * mask).sum(1) / mask.sum(1)
        logits = torch.cat([hidden[:, 0], mean], 1) @ head["weight"].T + head["bias"]
    for row in logits.tolist():
        print(" ".join(f"{value:.6f}" for value in row))


main(*sys.argv[1:])
