"""Forward and backward over real texts as Hugging Face's BERT does them: batches padded to their longest sequence.

    python torch_epoch.py MODEL_DIRECTORY DATA_DIRECTORY ROUNDS THREADS [fp32|mixed] [EXAMPLES]

The counterpart of BucketingBenchmark in the engine's tests: the first 960 training texts or as many as are named, batches of 16, at most 128 tokens, all
tensors trained, nothing dropped; mixed is bf16 autocast. Once in random order and once with texts of similar length together.
"""
import json
import statistics
import sys
import time

import tokenizers
import torch
import transformers

model_directory, data, rounds, threads = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
mixed = sys.argv[5:6] == ["mixed"]
examples = int(sys.argv[6]) if len(sys.argv) > 6 else 960
torch.set_num_threads(threads)
torch.manual_seed(0)
tokenizer = tokenizers.Tokenizer.from_file(model_directory + "/tokenizer.json")
tokenizer.no_padding()
tokenizer.enable_truncation(128)
rows = [json.loads(line) for line in open(data + "/train.jsonl", encoding="utf-8")][:examples]
texts = [tokenizer.encode(row["text"]).ids for row in rows]
labels = [row["label"] for row in rows]
config = transformers.AutoConfig.from_pretrained(
    model_directory, num_labels=14, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
model = transformers.BertForSequenceClassification(config)
model.train()


def batches(window):
    order = torch.randperm(len(texts), generator=torch.Generator().manual_seed(0)).tolist()
    for start in range(0, len(order), 16 * window):
        some = order[start:start + 16 * window]
        some.sort(key=lambda i: len(texts[i]) if window > 1 else 0)
        yield from (some[at:at + 16] for at in range(0, len(some), 16))


def epoch(window):
    start = time.perf_counter()
    for members in batches(window):
        longest = max(len(texts[i]) for i in members)
        ids = torch.tensor([texts[i] + [0] * (longest - len(texts[i])) for i in members])
        mask = torch.tensor([[1] * len(texts[i]) + [0] * (longest - len(texts[i])) for i in members])
        model.zero_grad(set_to_none=False)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=mixed):
            loss = model(input_ids=ids, attention_mask=mask, labels=torch.tensor([labels[i] for i in members])).loss
        loss.backward()
    return time.perf_counter() - start


for window in (1, 8):
    epoch(window)
seconds = {1: [], 8: []}
for _ in range(rounds):
    for window in seconds:
        seconds[window].append(epoch(window))
for window, taken in seconds.items():
    print("PyTorch %s, %s, %s window %2d: median %.2f s, least %.2f s" % (
        torch.__version__, "bf16 autocast" if mixed else "fp32", data, window, statistics.median(taken), min(taken)))
