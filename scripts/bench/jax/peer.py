"""The peer of `bench train|infer --peer jax`: the same network, objective and optimiser in JAX, a whole step
or plan compiled by XLA for the CPU.

The protocol is that of ../pytorch/peer.py. Nothing of it is needed to use the program.
"""

import json
import os
import sys
import time

import numpy as np


# Linux alone says and decides on which cores a process may run.
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


def calls_of(case):
    # Read when JAX is loaded.
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    # XLA of JAX 0.10 uses every core that it may, whatever its flags say.
    if CORES:
        os.sched_setaffinity(0, CORES[-case["threads"] :])
    if case["threads"] == 1:
        os.environ["XLA_FLAGS"] = (
            "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
        )
    import jax

    from trajectory import Work

    return Work(case), jax.__version__


def main():
    work = None
    for line in sys.stdin:
        request = json.loads(line)
        if request["do"] == "open":
            work, version = calls_of(request)
            answer = {"version": version, "parameters": work.size}
        elif request["do"] == "draw":
            weights, noise, observation = (
                np.fromfile(request[name], "<f4") for name in ("weights", "noise", "observation")
            )
            work.load(request["parameters"], weights)
            work.draw(noise, observation).tofile(request["chunk"])
            answer = {"drawn": True}
        else:
            times, cpu_times = [], []
            for _ in range(request["times"]):
                began, cpu_began = time.perf_counter(), time.process_time()
                work.call()
                times.append(1000 * (time.perf_counter() - began))
                cpu_times.append(1000 * (time.process_time() - cpu_began))
            answer = {"ms": times, "cpuMs": cpu_times}
        print(json.dumps(answer), flush=True)


main()
