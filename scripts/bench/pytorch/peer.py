"""The peer of `bench train|infer --peer torch`: the same network, objective and optimiser in PyTorch.

Reads one JSON request a line and answers each with one JSON line (PeerCase in ../peer.ts):
    {"do": "open", "network": "trajectory" | "picture", "kind": "train" | "infer", "batch", "steps",
     "threads", and the network's sizes}  ->  {"version", "parameters"}
    {"do": "run", "times": n}             ->  {"ms": [n numbers], "cpuMs": [n numbers]}

Nothing of it is needed to use the program.
"""

import json
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

from picture import COLOURS, PictureUNet
from trajectory import TrajectoryUNet

torch.manual_seed(0)


def trajectories(case):
    """The network, the shape of its examples, and what it is told beside them."""
    shape = (case["batch"], case["horizon"], case["actionDim"])
    return TrajectoryUNet(case), shape, torch.randn(case["batch"], case["observationDim"])


def pictures(case):
    shape = (case["batch"], COLOURS, case["size"], case["size"])
    caption = torch.randint(1, case["vocabulary"], (case["batch"], case["tokens"]))
    return PictureUNet(case), shape, caption


def trainer(network, shape, told):
    parameters = list(network.parameters())
    optimizer = torch.optim.AdamW(parameters, 1e-3, weight_decay=1e-6, fused=True)
    average = [parameter.detach().clone() for parameter in parameters]
    examples = torch.randn(shape)

    def step():
        moment = torch.rand(shape[0])
        noise = torch.randn(shape)
        tau = moment.reshape(-1, *[1] * (len(shape) - 1))
        velocity = examples - noise
        loss = F.mse_loss(network(noise + velocity * tau, moment, told), velocity)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(average, parameters, 0.005)

    return step


def sampler(network, shape, told, steps, guidance=None):
    """Euler steps of a flow; with guidance w each asks about both the caption and none."""
    batch = shape[0]
    if guidance is not None:
        told = torch.cat([told, torch.zeros_like(told)])
        told[batch:, 0] = 1

    def velocity(x, moment):
        if guidance is None:
            return network(x, moment, told)
        with_caption, without = network(torch.cat([x, x]), moment.repeat(2), told).chunk(2)
        return without + guidance * (with_caption - without)

    @torch.inference_mode()
    def draw():
        x = torch.randn(shape)
        for i in range(steps):
            x = x + velocity(x, torch.full((batch,), i / steps)) / steps
        return x

    return draw


def prepare(case):
    network, shape, told = (pictures if case["network"] == "picture" else trajectories)(case)
    training = case["kind"] == "train"
    network.train(training)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    action = (
        trainer(network, shape, told)
        if training
        else sampler(network, shape, told, case["steps"], case.get("guidance"))
    )
    return action, parameters


def main():
    action = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "open":
            torch.set_num_threads(request["threads"])
            action, parameters = prepare(request)
            answer = {"version": torch.__version__, "parameters": parameters}
        else:
            times, cpu_times = [], []
            for _ in range(request["times"]):
                began, cpu_began = time.perf_counter(), time.process_time()
                action()
                times.append(1000 * (time.perf_counter() - began))
                cpu_times.append(1000 * (time.process_time() - cpu_began))
            answer = {"ms": times, "cpuMs": cpu_times}
        print(json.dumps(answer), flush=True)


main()
