"""PyTorch's own training step of the encoder that the engine's benchmark trains, on random weights:
torch_step.py cpu|cuda STEPS VOCABULARY WIDTH LAYERS HEADS BATCH LENGTH LABELS."""
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.projections = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.attended = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.fed = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.projections(x).view(batch, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        x = self.attended(x + self.out(attention(q, k, v).transpose(1, 2).reshape(batch, length, width)))
        return self.fed(x + self.down(F.gelu(self.up(x))))


def attention(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v)
    return torch.softmax(q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5, -1) @ v  # before PyTorch 2


class Encoder(nn.Module):
    def __init__(self, vocabulary, width, layers, heads, length, labels):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(length, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads) for _ in range(layers))
        self.head = nn.Linear(width, labels)

    def forward(self, ids):
        x = self.norm(self.words(ids) + self.positions.weight)
        for layer in self.layers:
            x = layer(x)
        return self.head(x[:, 0])


def step_times(device, steps, shape, autocast):
    vocabulary, width, layers, heads, batch, length, labels = shape
    torch.manual_seed(1)
    model = Encoder(vocabulary, width, layers, heads, length, labels).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-5, **({"fused": True} if device == "cuda" else {}))
    ids = torch.randint(0, vocabulary, (batch, length), device=device)
    targets = torch.randint(0, labels, (batch,), device=device)
    times = []
    for step in range(-max(2, steps // 3), steps):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=autocast):
            loss = F.cross_entropy(model(ids).float(), targets)
        loss.backward()
        optimizer.step()
        loss.item()
        if device == "cuda":
            torch.cuda.synchronize()
        if step >= 0:
            times.append((time.perf_counter() - start) * 1e3)
    return times


device, steps, *shape = sys.argv[1], *map(int, sys.argv[2:])
for name, autocast in (("bf16 autocast", True), ("fp32", False)):
    times = step_times(device, steps, shape, autocast)
    medians = f"step {statistics.median(times):.2f} ms median, {min(times):.2f} min"
    print(f"PyTorch {torch.__version__}, {device}, {name}: {medians}", flush=True)
