"""GPT-2 (Radford et al. 2019) in torch, at the size of the bundled model, and Muon."""

import math

import torch
import torch.nn.functional as F

LAYERS, HEADS, WIDTH, VOCAB, CONTEXT = 6, 5, 160, 4096, 512
D_HEAD = WIDTH // HEADS
SINUSOID_DIMS = 48


class Block(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.ln_2 = torch.nn.LayerNorm(WIDTH), torch.nn.LayerNorm(WIDTH)
        self.c_attn = torch.nn.Linear(WIDTH, 3 * WIDTH)
        self.attn_proj = torch.nn.Linear(WIDTH, WIDTH)
        self.c_fc = torch.nn.Linear(WIDTH, 4 * WIDTH)
        self.mlp_proj = torch.nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x, mask):
        b, n, _ = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).view(b, n, 3, HEADS, D_HEAD).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-1, -2)) / math.sqrt(D_HEAD) + mask[:n, :n]
        z = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, n, WIDTH)
        x = x + self.attn_proj(z)
        # The tanh form of GELU, which GPT-2 uses; torch 1.13 has no fast bf16 one.
        h = F.gelu(self.c_fc(self.ln_2(x)).float(), approximate="tanh")
        return x + self.mlp_proj(h)


class Gpt2(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.wte = torch.nn.Embedding(VOCAB, WIDTH)
        self.wpe = torch.nn.Embedding(CONTEXT, WIDTH)
        self.h = torch.nn.ModuleList(Block() for _ in range(LAYERS))
        self.ln_f = torch.nn.LayerNorm(WIDTH)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1),
                             persistent=False)
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                torch.nn.init.zeros_(p)
            elif "ln_" not in name:
                scale = 0.02 / math.sqrt(2 * LAYERS) if "_proj" in name else 0.02
                torch.nn.init.normal_(p, 0.0, scale)
        # Only the positions start as sinusoids (Vaswani et al. 2017), which training goes on to
        # change. No head is planted.
        freq = 3.0 * (0.01 ** (torch.arange(SINUSOID_DIMS // 2) / (SINUSOID_DIMS // 2 - 1)))
        angle = torch.arange(CONTEXT)[:, None] * freq
        with torch.no_grad():
            self.wpe.weight[:, 0:SINUSOID_DIMS:2] = 0.1 * torch.sin(angle)
            self.wpe.weight[:, 1:SINUSOID_DIMS:2] = 0.1 * torch.cos(angle)

    def forward(self, ids):
        x = self.wte(ids) + self.wpe.weight[:ids.shape[1]]
        for block in self.h:
            x = block(x, self.mask)
        return self.ln_f(x) @ self.wte.weight.t()


def matrices(model):
    """The weights of the blocks: what Muon trains. Embeddings, norms and biases are AdamW's."""
    return [p for name, p in model.named_parameters() if name.startswith("h.") and p.dim() == 2]


def others(model):
    return [p for name, p in model.named_parameters() if not (name.startswith("h.") and p.dim() == 2)]


def orthogonal(g):
    """The nearest orthogonal matrices, nearly, of a stack of wide ones: five steps of Newton and
    Schulz, for which bf16 is enough."""
    x = g / (g.norm(dim=(1, 2), keepdim=True) + 1e-7)
    x = x.bfloat16()
    for _ in range(5):
        s = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * s + 2.0315 * (s @ s)) @ x
    return x.float()


class Muon(torch.optim.Optimizer):
    """Momentum, made orthogonal (Jordan et al. 2024), for matrices whose sides are WIDTH and a
    multiple of it. Query, key and value are three matrices; those of one shape go together."""

    def __init__(self, params, lr, momentum=0.95, weight_decay=0.0):
        super().__init__(params, dict(lr=lr, momentum=momentum, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            stacks = {}  # by shape: (the piece to change, its gradient), wide
            for p in group["params"]:
                state = self.state[p]
                if "momentum" not in state:
                    state["momentum"] = torch.zeros_like(p)
                m = state["momentum"].mul_(group["momentum"]).add_(p.grad)
                g = p.grad.add(m, alpha=group["momentum"])
                p.mul_(1 - group["lr"] * group["weight_decay"])
                pieces = zip(p.split(WIDTH), g.split(WIDTH)) if p.shape[0] == 3 * WIDTH else [(p, g)]
                for piece, gradient in pieces:
                    tall = piece.shape[0] > piece.shape[1]
                    rate = group["lr"] * max(1, piece.shape[0] / piece.shape[1]) ** 0.5
                    wide = (piece.t(), gradient.t()) if tall else (piece, gradient)
                    stacks.setdefault(wide[0].shape, []).append((*wide, rate))
            for stack in stacks.values():
                updates = orthogonal(torch.stack([gradient for _, gradient, _ in stack]))
                for (piece, _, rate), update in zip(stack, updates):
                    piece.add_(update, alpha=-rate)
