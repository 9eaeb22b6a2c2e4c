"""Loads a generation task's view that was exported as an adapter of PEFT, without any code of Tessellate.

    pip install torch transformers peft
    python causal.py BASE ADAPTER TEXT [TEXT ...]

ADAPTER is what `tessellate models export MODEL --task TASK --format shira --out ADAPTER` wrote, or `--format lora` for a task
of method lora or pissa; for decoders. BASE is a directory or a repository of the Hub, or `-` for the one that the adapter
names. Prints one line of logits per text, for the token that follows it.
"""

import sys

import torch
from peft import AutoPeftModelForCausalLM, PeftConfig, PeftModel
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast


def main(base, adapter, *texts):
    if base == "-":
        base = PeftConfig.from_pretrained(adapter).base_model_name_or_path
        model = AutoPeftModelForCausalLM.from_pretrained(adapter)
    else:
        model = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), adapter)
    model.eval()
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=f"{base}/tokenizer.json")
    for text in texts:
        ids = torch.tensor([tokenizer(text)["input_ids"]])
        with torch.no_grad():
            logits = model(input_ids=ids, use_cache=False).logits[0, -1]
        print(" ".join(f"{value:.6f}" for value in logits.tolist()))


main(*sys.argv[1:])
