"""The peer of `bench train|infer --peer torch|torch-compile`: the same network, objective and optimiser in
PyTorch, one operator at a time or compiled by TorchInductor.

Reads one JSON request a line and answers each with one JSON line (PeerCase in ../peer.ts):
    {"do": "open", "network": "trajectory" | "picture", "kind": "train" | "infer", "batch", "steps",
     "threads", "compile", and the network's sizes}  ->  {"version", "parameters"}
    {"do": "draw", "parameters": [{"name", "shape"}], and paths: "weights", "noise", "observation" of
     little-endian f32, "chunk" to be written}  ->  {"drawn": true}
    {"do": "run", "times": n}             ->  {"ms": [n numbers], "cpuMs": [n numbers]}

Nothing of it is needed to use the program.
"""

import json
import sys
import time

import numpy as np
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
    def draw(noise=None):
        x = torch.randn(shape) if noise is None else noise
        for i in range(steps):
            x = x + velocity(x, torch.full((batch,), i / steps)) / steps
        return x

    return draw


def numbers(path, shape):
    return torch.from_numpy(np.fromfile(path, "<f4")).reshape(shape)


def draw(network, run, case, request):
    """A plan by weights of ours, from a noise and an observation of ours."""
    network.load(request["parameters"], numbers(request["weights"], -1))
    shape = (case["batch"], case["horizon"], case["actionDim"])
    told = numbers(request["observation"], (case["batch"], case["observationDim"]))
    chunk = sampler(run, shape, told, case["steps"])(numbers(request["noise"], shape))
    chunk.numpy().tofile(request["chunk"])


def prepare(case):
    network, shape, told = (pictures if case["network"] == "picture" else trajectories)(case)
    training = case["kind"] == "train"
    network.train(training)
    run = torch.compile(network) if case["compile"] else network
    action = (
        trainer(run, shape, told)
        if training
        else sampler(run, shape, told, case["steps"], case.get("guidance"))
    )
    return network, run, action


def main():
    case = network = run = action = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "open":
            case = request
            torch.set_num_threads(case["threads"])
            network, run, action = prepare(case)
            parameters = sum(parameter.numel() for parameter in network.parameters())
            answer = {"version": torch.__version__, "parameters": parameters}
        elif request["do"] == "draw":
            draw(network, run, case, request)
            answer = {"drawn": True}
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
