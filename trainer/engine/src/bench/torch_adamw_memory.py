"""Peak memory of full fine-tuning with AdamW in PyTorch, to hold `tessellate bench engine` against.

    python torch_adamw_memory.py LAYERS HIDDEN HEADS VOCABULARY LENGTH BATCH STEPS
"""
import resource
import sys
import time

import torch

layers, hidden, heads, vocabulary, length, batch, steps = map(int, sys.argv[1:8])
torch.manual_seed(0)
encoder = torch.nn.TransformerEncoder(
    torch.nn.TransformerEncoderLayer(hidden, heads, 4 * hidden, dropout=0.0, activation="gelu", batch_first=True),
    layers, enable_nested_tensor=False)
words = torch.nn.Embedding(vocabulary, hidden)
head = torch.nn.Linear(hidden, 2)
parameters = [*encoder.parameters(), *words.parameters(), *head.parameters()]
optimizer = torch.optim.AdamW(parameters, lr=1e-5, foreach=False)
ids = torch.randint(0, vocabulary, (batch, length))
labels = torch.randint(0, 2, (batch,))
times = []
for _ in range(steps):
    start = time.perf_counter()
    optimizer.zero_grad(set_to_none=False)
    loss = torch.nn.functional.cross_entropy(head(encoder(words(ids)).mean(1)), labels)
    loss.backward()
    optimizer.step()
    times.append(1e3 * (time.perf_counter() - start))
print("parameters %d, step with AdamW median %.1f ms, peak %d MB" % (
    sum(p.numel() for p in parameters), sorted(times)[steps // 2],
    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024))
