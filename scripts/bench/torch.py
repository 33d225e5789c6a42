"""The peer of `bench train|infer --peer torch`: the same network, objective and optimiser in PyTorch.

Reads one JSON request a line and answers each with one JSON line:
    {"do": "open", "kind": "train" | "infer", "channels", "kernel", "groups", "embedding", "horizon",
     "actionDim", "observationDim", "batch", "steps", "threads"}  ->  {"version", "parameters"}
    {"do": "run", "times": n}                                     ->  {"ms": [n numbers]}

Nothing of it is needed to use the program.
"""

import json
import math
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)


class Block(nn.Module):
    def __init__(self, source, target, kernel, groups, condition):
        super().__init__()
        self.conv1 = nn.Conv1d(source, target, kernel, padding=kernel // 2)
        self.norm1 = nn.GroupNorm(groups, target)
        self.film = nn.Linear(condition, 2 * target)
        self.conv2 = nn.Conv1d(target, target, kernel, padding=kernel // 2)
        self.norm2 = nn.GroupNorm(groups, target)
        self.project = nn.Conv1d(source, target, 1) if source != target else nn.Identity()

    def forward(self, x, condition):
        scale, shift = self.film(condition)[:, :, None].chunk(2, 1)
        h = F.silu(self.norm1(self.conv1(x))) * (scale + 1) + shift
        return F.silu(self.norm2(self.conv2(h))) + self.project(x)


def encoder(source, target):
    return nn.Sequential(nn.Linear(source, 4 * target), nn.SiLU(), nn.Linear(4 * target, target))


class UNet(nn.Module):
    def __init__(self, case):
        super().__init__()
        channels, embedding = case["channels"], case["embedding"]

        def block(source, target):
            return Block(source, target, case["kernel"], case["groups"], 2 * embedding)

        self.embedding = embedding
        self.step = encoder(embedding, embedding)
        self.observation = encoder(case["observationDim"], embedding)
        sources = [case["actionDim"], *channels[:-1]]
        self.down = nn.ModuleList(
            nn.ModuleList([block(source, width), block(width, width)])
            for source, width in zip(sources, channels)
        )
        self.halve = nn.ModuleList(nn.Conv1d(c, c, 3, stride=2, padding=1) for c in channels[:-1])
        self.middle = nn.ModuleList([block(channels[-1], channels[-1]) for _ in range(2)])
        pairs = list(zip(channels[1:], channels[:-1]))[::-1]
        self.widen = nn.ModuleList(nn.Conv1d(below, c, 3, padding=1) for below, c in pairs)
        self.up = nn.ModuleList(
            nn.ModuleList([block(2 * c, c), block(c, c)]) for _, c in pairs
        )
        self.last = block(channels[0], channels[0])
        self.output = nn.Conv1d(channels[0], case["actionDim"], 1)

    def forward(self, actions, moment, observation):
        half = self.embedding // 2
        frequencies = 1000 * torch.exp(-math.log(10_000) * torch.arange(half) / (half - 1))
        angles = moment[:, None] * frequencies
        step = self.step(torch.cat([angles.sin(), angles.cos()], 1))
        condition = F.silu(torch.cat([step, self.observation(observation)], 1))
        h = actions.transpose(1, 2)
        skips = []
        for level, blocks in enumerate(self.down):
            for each in blocks:
                h = each(h, condition)
            if level < len(self.halve):
                skips.append(h)
                h = self.halve[level](h)
        for each in self.middle:
            h = each(h, condition)
        for widen, blocks in zip(self.widen, self.up):
            h = torch.cat([widen(h.repeat_interleave(2, 2)), skips.pop()], 1)
            for each in blocks:
                h = each(h, condition)
        return self.output(self.last(h, condition)).transpose(1, 2)


def trainer(network, case):
    batch, chunk = case["batch"], (case["batch"], case["horizon"], case["actionDim"])
    parameters = list(network.parameters())
    optimizer = torch.optim.AdamW(parameters, 1e-3, weight_decay=1e-6, fused=True)
    average = [parameter.detach().clone() for parameter in parameters]
    actions = torch.randn(chunk)
    observation = torch.randn(batch, case["observationDim"])

    def step():
        moment = torch.rand(batch)
        noise = torch.randn(chunk)
        tau = moment[:, None, None]
        velocity = actions - noise
        loss = F.mse_loss(network(noise + velocity * tau, moment, observation), velocity)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 0.005)

    return step


def sampler(network, case):
    batch, steps = case["batch"], case["steps"]
    observation = torch.randn(batch, case["observationDim"])

    @torch.inference_mode()
    def draw():
        x = torch.randn(batch, case["horizon"], case["actionDim"])
        for i in range(steps):
            x = x + network(x, torch.full((batch,), i / steps), observation) / steps
        return x

    return draw


def main():
    action = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "open":
            torch.set_num_threads(request["threads"])
            network = UNet(request)
            training = request["kind"] == "train"
            action = (trainer if training else sampler)(network.train(training), request)
            parameters = sum(parameter.numel() for parameter in network.parameters())
            answer = {"version": torch.__version__, "parameters": parameters}
        else:
            times = []
            for _ in range(request["times"]):
                began = time.perf_counter()
                action()
                times.append(1000 * (time.perf_counter() - began))
            answer = {"ms": times}
        print(json.dumps(answer), flush=True)


main()
