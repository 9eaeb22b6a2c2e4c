"""PyTorch's own training step of a Llama on random weights, with a head of two labels on the last token as the engine's benchmark has it:
torch_llama_step.py cpu|cuda STEPS VOCABULARY WIDTH LAYERS HEADS KEY_VALUE_HEADS INNER BATCH LENGTH.
Twice: every weight, and query, key and value alone. bf16 autocast over weights in fp32 where those, their gradients and AdamW's state fit
into the memory there is; else weights, gradients and state in bf16, which the lines then say."""
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-5
THETA = 500_000.0


class Norm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), EPSILON)


class Layer(nn.Module):
    def __init__(self, width, heads, shared, inner):
        super().__init__()
        self.heads, self.shared, self.columns = heads, shared, width // heads
        self.q = nn.Linear(width, width, bias=False)
        self.k = nn.Linear(width, shared * self.columns, bias=False)
        self.v = nn.Linear(width, shared * self.columns, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, inner, bias=False)
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)
        self.before, self.between = Norm(width), Norm(width)

    def forward(self, x, turn):
        batch, length, width = x.shape
        y = self.before(x)
        q, k, v = (
            part(y).view(batch, length, heads, self.columns).transpose(1, 2)
            for part, heads in ((self.q, self.heads), (self.k, self.shared), (self.v, self.shared))
        )
        k, v = (part.repeat_interleave(self.heads // self.shared, 1) for part in (turned(k, turn), v))
        seen = F.scaled_dot_product_attention(turned(q, turn), k, v, is_causal=True)
        x = x + self.out(seen.transpose(1, 2).reshape(batch, length, width))
        y = self.between(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


def turned(x, turn):
    cosine, sine = turn
    first, second = x.chunk(2, -1)
    return x * cosine + torch.cat((-second, first), -1) * sine


class Llama(nn.Module):
    def __init__(self, vocabulary, width, layers, heads, shared, inner):
        super().__init__()
        self.words = nn.Embedding(vocabulary, width)
        self.layers = nn.ModuleList(Layer(width, heads, shared, inner) for _ in range(layers))
        self.norm = Norm(width)
        self.head = nn.Linear(width, 2)
        self.columns = width // heads

    def forward(self, ids):
        x = self.words(ids)
        places = torch.arange(ids.shape[1], device=ids.device, dtype=torch.float32)
        rates = THETA ** (-torch.arange(0, self.columns, 2, device=ids.device, dtype=torch.float32) / self.columns)
        angles = torch.cat((torch.outer(places, rates),) * 2, -1)
        kind = torch.bfloat16 if x.is_cuda or torch.is_autocast_enabled("cpu") else x.dtype
        turn = angles.cos().to(kind), angles.sin().to(kind)
        for layer in self.layers:
            x = layer(x, turn)
        return self.head(self.norm(x)[:, -1])


def memory(device):
    if device == "cuda":
        return torch.cuda.mem_get_info()[0]
    with open("/proc/meminfo") as lines:
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))


def made(device, shape, kind):
    before = torch.get_default_dtype()
    torch.set_default_dtype(kind)
    try:
        with torch.device(device):
            return Llama(*shape)
    finally:
        torch.set_default_dtype(before)


def step_times(device, steps, model, trained, ids, targets, autocast):
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(trained(name))
    moved = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(moved, lr=1e-5, **({"fused": True} if device == "cuda" else {}))
    times = []
    for step in range(-2, steps):
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


def projections(name):
    return name.startswith("head.") or name.split(".")[-2] in ("q", "k", "v")


def main():
    device, steps, *numbers = sys.argv[1], *map(int, sys.argv[2:])
    shape, (batch, length) = numbers[:6], numbers[6:]
    with torch.device("meta"):
        parameters = sum(parameter.numel() for parameter in Llama(*shape).parameters())
    room = memory(device)
    # Values, gradients and two moments, in 4 bytes each or in 2; a third of it again for activations and copies.
    wide = 16 * parameters * 4 / 3 < room
    if not wide and 8 * parameters * 4 / 3 > room:
        print(f"PyTorch LEFT OUT: a step of all {parameters} weights in bf16 wants {8 * parameters * 4 // 3} bytes, and {room} are free")
        return
    torch.manual_seed(1)
    model = made(device, shape, torch.float32 if wide else torch.bfloat16)
    ids = torch.randint(0, shape[0], (batch, length), device=device)
    targets = torch.randint(0, 2, (batch,), device=device)
    kind = "bf16 autocast" if wide else "all in bf16"
    for name, trained in (("every weight", lambda name: True), ("q, k, v", projections)):
        times = step_times(device, steps, model, trained, ids, targets, wide)
        print(
            f"PyTorch {torch.__version__}, {device}, {kind}, {name}: step {statistics.median(times):.2f} ms median, {min(times):.2f} min",
            flush=True,
        )


main()
