"""The U-Net of pictures in PyTorch (policies/networks/picture-unet.ts)."""

import torch
from torch import nn
from torch.nn import functional as F

from layers import PreActivationBlock, attend, encoder, sinusoidal

COLOURS = 3


class Reading(nn.Module):
    """A layer of a transformer over the words of a caption."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.norm2 = nn.LayerNorm(width)
        self.widen = nn.Linear(width, 4 * width)
        self.narrow = nn.Linear(4 * width, width)

    def forward(self, tokens, mask):
        x = self.norm1(tokens)
        found = attend(self.query(x), self.key(x), self.value(x), self.heads, mask)
        h = tokens + self.output(found)
        return h + self.narrow(F.silu(self.widen(self.norm2(h))))


class Look(nn.Module):
    """Places ask one another, or the words of a caption where there is a context."""

    def __init__(self, channels, groups, embedding, heads, width, context=None):
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(groups, channels)
        self.film = nn.Linear(embedding, 2 * channels)
        self.query = nn.Linear(channels, width)
        self.key = nn.Linear(context or channels, width)
        self.value = nn.Linear(context or channels, width)
        self.output = nn.Linear(width, channels)

    def forward(self, x, step, context=None, mask=None):
        scale, shift = self.film(F.silu(step))[:, :, None, None].chunk(2, 1)
        asking = (self.norm(x) * (scale + 1) + shift).flatten(2).transpose(1, 2)
        told = asking if context is None else context
        found = attend(self.query(asking), self.key(told), self.value(told), self.heads, mask)
        return x + self.output(found).transpose(1, 2).reshape(x.shape)


class PictureUNet(nn.Module):
    def __init__(self, case):
        super().__init__()
        channels, groups, embedding = case["channels"], case["groups"], case["embedding"]
        width, heads, tokens = case["width"], case["heads"], case["tokens"]
        self.patch, self.embedding = case["patch"], embedding
        numbers, side = COLOURS * self.patch**2, case["size"] // self.patch

        self.words = nn.Parameter(torch.rand(case["vocabulary"], width) / width**0.5)
        self.place = nn.Parameter(torch.rand(tokens, width) / width**0.5)
        self.reading = nn.ModuleList(Reading(width, heads) for _ in range(case["layers"]))
        self.read = nn.LayerNorm(width)
        self.context = nn.LayerNorm(width)
        self.step = encoder(embedding, embedding)

        def block(source, target):
            return PreActivationBlock(source, target, groups, embedding)

        def looks(level, ask):
            c = channels[level]
            near = side >> level <= case["attentionSide"]
            return nn.ModuleList(
                [
                    Look(c, groups, embedding, heads, c) if near else None,
                    Look(c, groups, embedding, heads, width, width) if ask else None,
                ]
            )

        levels = range(len(channels))
        sources = [channels[0], *channels[:-1]]
        self.stem = nn.Conv2d(numbers, channels[0], 1)
        self.down = nn.ModuleList(
            nn.ModuleList([block(sources[i], channels[i]), block(channels[i], channels[i])])
            for i in levels
        )
        self.down_looks = nn.ModuleList(looks(i, False) for i in levels)
        self.halve = nn.ModuleList(nn.Conv2d(c, c, 3, stride=2, padding=1) for c in channels[:-1])
        self.middle = nn.ModuleList([block(channels[-1], channels[-1]) for _ in range(2)])
        self.middle_looks = looks(levels[-1], True)
        upwards = list(levels[:-1])[::-1]
        self.widen = nn.ModuleList(
            nn.Conv2d(channels[i + 1], channels[i], 3, padding=1) for i in upwards
        )
        self.up = nn.ModuleList(
            nn.ModuleList([block(2 * channels[i], channels[i]), block(channels[i], channels[i])])
            for i in upwards
        )
        self.up_looks = nn.ModuleList(looks(i, True) for i in upwards)
        self.last = block(channels[0], channels[0])
        self.norm = nn.GroupNorm(groups, channels[0])
        self.output = nn.Conv2d(channels[0], numbers, 3, padding=1)

    def forward(self, pictures, moment, caption):
        there = caption > 0
        mask = torch.zeros(there.shape).masked_fill(~there, -1e9)[:, None, None, :]
        tokens = F.embedding(caption, self.words) + self.place
        for layer in self.reading:
            tokens = layer(tokens, mask)
        context = self.context(self.read(tokens))
        step = self.step(sinusoidal(moment, self.embedding))
        condition = F.silu(step)

        def look(h, both):
            near, ask = both
            h = h if near is None else near(h, step)
            return h if ask is None else ask(h, step, context, mask)

        h = self.stem(F.pixel_unshuffle(pictures, self.patch))
        skips = []
        for level, (blocks, both) in enumerate(zip(self.down, self.down_looks)):
            for each in blocks:
                h = each(h, condition)
            h = look(h, both)
            if level < len(self.halve):
                skips.append(h)
                h = self.halve[level](h)
        for each in self.middle:
            h = each(h, condition)
        h = look(h, self.middle_looks)
        for widen, blocks, both in zip(self.widen, self.up, self.up_looks):
            twice = F.interpolate(h, scale_factor=2, mode="nearest")
            h = torch.cat([widen(twice), skips.pop()], 1)
            for each in blocks:
                h = each(h, condition)
            h = look(h, both)
        h = F.silu(self.norm(self.last(h, condition)))
        return F.pixel_shuffle(self.output(h), self.patch)
