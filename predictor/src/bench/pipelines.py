"""Answers the questions of AskingBenchmark by one Hugging Face pipeline for each task, as they are usually served.
  pipelines.py MODEL_DIRECTORY TEXTS.jsonl TASKS SECONDS CLIENTS
Prints one line: tasks, questions a second, median and 99th percentile of the latency in ms, resident memory in MB."""
import json
import random
import sys
import threading
import time

import torch
import transformers

directory, file, tasks, seconds, clients = sys.argv[1], sys.argv[2], *(int(n) for n in sys.argv[3:6])
transformers.logging.set_verbosity_error()
torch.set_num_threads(2)
texts = [json.loads(line)["text"] for line in open(file)]
tokenizer = transformers.AutoTokenizer.from_pretrained(directory, model_max_length=128)
pipelines = [
    transformers.pipeline(
        "text-classification",
        model=transformers.AutoModelForSequenceClassification.from_pretrained(directory, num_labels=3),
        tokenizer=tokenizer,
        truncation=True,
        max_length=128,
    )
    for _ in range(tasks)
]
for pipeline in pipelines:
    pipeline(texts[:4])
latencies, end = [], time.perf_counter() + seconds


def ask(seed):
    draw = random.Random(seed)
    while time.perf_counter() < end:
        begin = time.perf_counter()
        pipelines[draw.randrange(tasks)](texts[draw.randrange(len(texts))], top_k=None)
        latencies.append(time.perf_counter() - begin)


threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(clients)]
begun = time.perf_counter()
[thread.start() for thread in threads]
[thread.join() for thread in threads]
taken = time.perf_counter() - begun
latencies.sort()
resident = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS")) // 1024
print(
    "pipelines tasks=%d questions/s=%.0f p50=%.1f ms p99=%.1f ms resident=%d MB"
    % (tasks, len(latencies) / taken, 1e3 * latencies[len(latencies) // 2], 1e3 * latencies[int(0.99 * len(latencies))], resident)
)
