"""The U-Net of trajectories in PyTorch (policies/networks/unet.ts)."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from layers import Block, encoder, sinusoidal


class TrajectoryUNet(nn.Module):
    def __init__(self, case):
        super().__init__()
        channels, embedding = case["channels"], case["embedding"]

        def block(source, target):
            return Block(nn.Conv1d, source, target, case["kernel"], case["groups"], 2 * embedding)

        self.embedding = embedding
        self.step = encoder(embedding, embedding)
        self.observation = encoder(case["observationDim"], embedding)
        sources = [case["actionDim"], *channels[:-1]]
        self.down = nn.ModuleList(
            nn.ModuleList([block(source, width), block(width, width)])
            for source, width in zip(sources, channels)
        )
        self.halve = nn.ModuleList(nn.Conv1d(c, c, 3, stride=2) for c in channels[:-1])
        self.middle = nn.ModuleList([block(channels[-1], channels[-1]) for _ in range(2)])
        pairs = list(zip(channels[1:], channels[:-1]))[::-1]
        self.widen = nn.ModuleList(nn.Conv1d(below, c, 3, padding=1) for below, c in pairs)
        self.up = nn.ModuleList(
            nn.ModuleList([block(2 * c, c), block(c, c)]) for _, c in pairs
        )
        self.last = block(channels[0], channels[0])
        self.output = nn.Conv1d(channels[0], case["actionDim"], 1)

    def load(self, parameters, numbers):
        """Takes over weights of ours: a flat vector with names and shapes."""
        layers = dict(self._named())
        offset = 0
        for each in parameters:
            end = offset + math.prod(each["shape"])
            layer, kind = each["name"].rsplit(".", 1)
            own = layers[layer].bias if kind in ("bias", "shift") else layers[layer].weight
            # Ours are [taps.., from, to]; PyTorch's [to, from, taps..].
            ours = numbers[offset:end].reshape(each["shape"])
            own.data.copy_(ours.permute(*reversed(range(ours.ndim))))
            offset = end

    def _named(self):
        """Layers by the names that ours have."""

        def block(name, layers):
            for part in ("conv1", "norm1", "film", "conv2", "norm2", "project"):
                yield f"{name}.{part}", getattr(layers, part)

        def blocks(name, pair):
            yield from block(f"{name}.first", pair[0])
            yield from block(f"{name}.second", pair[1])

        for name, (first, _, second) in (("step", self.step), ("observation", self.observation)):
            yield f"{name}.first", first
            yield f"{name}.second", second
        for level, pair in enumerate(self.down):
            yield from blocks(f"down{level}", pair)
        for level, halve in enumerate(self.halve):
            yield f"down{level}.halve", halve
        yield from blocks("middle", self.middle)
        for level, (widen, pair) in enumerate(zip(reversed(self.widen), reversed(self.up))):
            yield f"up{level}.widen", widen
            yield from blocks(f"up{level}", pair)
        yield from block("last", self.last)
        yield "output", self.output

    def forward(self, actions, moment, observation):
        step = self.step(sinusoidal(moment, self.embedding))
        condition = F.silu(torch.cat([step, self.observation(observation)], 1))
        h = actions.transpose(1, 2)
        skips = []
        for level, blocks in enumerate(self.down):
            for each in blocks:
                h = each(h, condition)
            if level < len(self.halve):
                skips.append(h)
                # An even number of places needs one zero, after the last.
                h = self.halve[level](F.pad(h, (0, 1)))
        for each in self.middle:
            h = each(h, condition)
        for widen, blocks in zip(self.widen, self.up):
            h = torch.cat([widen(h.repeat_interleave(2, 2)), skips.pop()], 1)
            for each in blocks:
                h = each(h, condition)
        return self.output(self.last(h, condition)).transpose(1, 2)
