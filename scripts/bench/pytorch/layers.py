"""Layers that both networks have."""

import math

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """policies/networks/residual-block.ts, over time or over a picture."""

    def __init__(self, convolution, source, target, kernel, groups, condition):
        super().__init__()
        self.conv1 = convolution(source, target, kernel, padding=kernel // 2)
        self.norm1 = nn.GroupNorm(groups, target)
        self.film = nn.Linear(condition, 2 * target)
        self.conv2 = convolution(target, target, kernel, padding=kernel // 2)
        self.norm2 = nn.GroupNorm(groups, target)
        self.project = convolution(source, target, 1) if source != target else nn.Identity()

    def forward(self, x, condition):
        coefficients = self.film(condition)
        scale, shift = coefficients.reshape(*coefficients.shape, *[1] * (x.ndim - 2)).chunk(2, 1)
        h = F.silu(self.norm1(self.conv1(x))) * (scale + 1) + shift
        return F.silu(self.norm2(self.conv2(h))) + self.project(x)


class PreActivationBlock(nn.Module):
    """The same file's block of pictures."""

    def __init__(self, source, target, groups, condition):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, source)
        self.conv1 = nn.Conv2d(source, target, 3, padding=1)
        self.norm2 = nn.GroupNorm(groups, target)
        self.film = nn.Linear(condition, 2 * target)
        self.conv2 = nn.Conv2d(target, target, 3, padding=1)
        self.project = nn.Conv2d(source, target, 1) if source != target else nn.Identity()

    def forward(self, x, condition):
        scale, shift = self.film(condition)[:, :, None, None].chunk(2, 1)
        h = self.norm2(self.conv1(F.silu(self.norm1(x))))
        return self.conv2(F.silu(h * (scale + 1) + shift)) + self.project(x)


def encoder(source, target):
    return nn.Sequential(nn.Linear(source, 4 * target), nn.SiLU(), nn.Linear(4 * target, target))


def sinusoidal(moment, size):
    half = size // 2
    frequencies = 1000 * torch.exp(-math.log(10_000) * torch.arange(half) / (half - 1))
    angles = moment[:, None] * frequencies
    return torch.cat([angles.sin(), angles.cos()], 1)


def attend(query, key, value, heads, mask=None):
    """[B, T, W], [B, L, W], [B, L, W] -> [B, T, W]"""
    split = (x.unflatten(2, (heads, -1)).transpose(1, 2) for x in (query, key, value))
    found = F.scaled_dot_product_attention(*split, attn_mask=mask)
    return found.transpose(1, 2).flatten(2)
