"""Writes the checkpoints in `fixtures/` with LeRobot's own `save_pretrained`, and what LeRobot's own
`DiffusionPolicy` answers from them, in physical units, on observations and noise that are formulas.

Made with Python 3.11, lerobot 0.4.4, diffusers 0.35.2 and torch 2.10.0 (CPU); the one checkpoint of the older
layout with lerobot 0.3.3 in the same environment:

    python make_fixtures.py fixtures
    PYTHONPATH=<lerobot 0.3.3, unpacked> python make_fixtures.py --old fixtures

Nothing of it is needed to use the program, or to run its tests.
"""

import json
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import torch
from diffusers.schedulers import scheduling_ddpm
from lerobot.configs.types import FeatureType, NormalizationMode, PolicyFeature
from lerobot.policies.diffusion.configuration_diffusion import DiffusionConfig
from lerobot.policies.diffusion.modeling_diffusion import DiffusionPolicy

STATE, ENV, ACTION = 8, 6, 8
BATCH = 2
KEYS = {"observation.state": STATE, "observation.environment_state": ENV}


def noise(call, shape):
    """Not normal, but any noise will do: call 0 is the beginning, others follow step by step."""
    _, rows, size = shape
    flat = rows * size
    return torch.from_numpy(
        np.array(
            [
                [1.3 * np.sin(1 + 7 * call + 3 * row + 1.7 * i + 0.01 * i * i) for i in range(flat)]
                for row in range(shape[0])
            ],
            dtype=np.float32,
        ).reshape(shape)
    )


def observation(steps):
    """[B, To, 14]: state, then environment."""
    numbers = [
        0.4 * np.sin(1 + 5 * row + 2 * step + 0.9 * i)
        for row in range(BATCH)
        for step in range(steps)
        for i in range(STATE + ENV)
    ]
    return torch.from_numpy(np.array(numbers, dtype=np.float32).reshape(BATCH, steps, STATE + ENV))


def statistics():
    """Of every feature, the last component of the environment constant."""
    stats = {}
    for key, size in {**KEYS, "action": ACTION}.items():
        i = np.arange(size, dtype=np.float32)
        low, high = -0.5 - 0.03 * i, 0.6 + 0.05 * i
        if key.endswith("environment_state"):
            low[-1] = high[-1] = 0.25
        mean, std = (low + high) / 2 + 0.01 * i, (high - low) / 4
        named = {"min": low, "max": high, "mean": mean, "std": std}
        quantiles = {"q01": low * 0.9, "q99": high * 0.9, "q10": low * 0.6, "q90": high * 0.6}
        stats[key] = {name: torch.tensor(v, dtype=torch.float32) for name, v in (named | quantiles).items()}
    return stats


def config(**changes):
    settings = {
        "input_features": {
            "observation.state": PolicyFeature(FeatureType.STATE, (STATE,)),
            "observation.environment_state": PolicyFeature(FeatureType.ENV, (ENV,)),
        },
        "output_features": {"action": PolicyFeature(FeatureType.ACTION, (ACTION,))},
        "device": "cpu",
        "push_to_hub": False,
        "horizon": 8,
        "n_action_steps": 4,
        "kernel_size": 3,
        "diffusion_step_embed_dim": 4,
        "num_train_timesteps": 20,
    }
    known = {field.name for field in fields(DiffusionConfig)}
    return DiffusionConfig(**{k: v for k, v in (settings | changes).items() if k in known})


def untrained(seed, settings, **stats):
    """A policy whose parameters are nowhere just one or zero."""
    torch.manual_seed(seed)
    policy = DiffusionPolicy(config(**settings), **stats)
    with torch.no_grad():
        for parameter in policy.diffusion.parameters():
            parameter += 0.2 * torch.randn(parameter.shape)
    return policy


def answer(policy, normalize, denormalize):
    """[B, horizon − To + 1, 8]: all that lies at or after now."""
    steps, horizon = policy.config.n_obs_steps, policy.config.horizon
    policy.config.n_action_steps = horizon - steps + 1
    seen = observation(steps)
    batch = {
        "observation.state": seen[..., :STATE].clone(),
        "observation.environment_state": seen[..., STATE:].clone(),
    }
    calls = iter(range(1, 1000))
    scheduling_ddpm.randn_tensor = lambda shape, **_: noise(next(calls), shape)
    first = noise(0, (BATCH, horizon, ACTION))
    policy.eval()
    with torch.no_grad():
        original = torch.randn
        torch.randn = lambda *_, **__: first
        try:
            chunk = policy.diffusion.generate_actions(normalize(batch))
        finally:
            torch.randn = original
        return denormalize(chunk)


def listed(chunk):
    assert torch.isfinite(chunk).all()
    return [float(f"{value:.6g}") for value in chunk.flatten().tolist()]


WIDE = {"n_obs_steps": 1, "down_dims": (8, 12), "n_groups": 4, "kernel_size": 1}
BIASES = {
    "n_obs_steps": 3,
    "down_dims": (8,),
    "n_groups": 4,
    "use_film_scale_modulation": False,
    "noise_scheduler_type": "DDIM",
    "num_inference_steps": 5,
    "prediction_type": "sample",
    "clip_sample": False,
    "normalization_mapping": {
        "STATE": NormalizationMode.MEAN_STD,
        "ENV": NormalizationMode.MIN_MAX,
        "ACTION": NormalizationMode.MEAN_STD,
    },
}
OLD = {
    "n_obs_steps": 1,
    "down_dims": (8,),
    "use_film_scale_modulation": False,
    "noise_scheduler_type": "DDIM",
    "num_inference_steps": 4,
}

CASES = [
    ("wide", {}),
    ("wide", {"num_inference_steps": 7, "prediction_type": "sample", "clip_sample_range": 0.5}),
    ("wide", {"num_inference_steps": 7, "noise_scheduler_type": "DDIM"}),
    ("wide", {"num_inference_steps": 6, "noise_scheduler_type": "DDIM", "prediction_type": "sample"}),
    ("wide", {"num_inference_steps": 4, "beta_schedule": "linear", "clip_sample": False}),
    ("wide", {"num_inference_steps": 4, "beta_schedule": "scaled_linear", "num_train_timesteps": 1000}),
    ("wide", {"num_inference_steps": 4, "beta_schedule": "sigmoid", "beta_end": 0.3}),
    ("biases", {}),
]


def make_new(root):
    from lerobot.policies.diffusion.processor_diffusion import make_diffusion_pre_post_processors

    for seed, (name, settings) in enumerate({"wide": WIDE, "biases": BIASES}.items()):
        policy = untrained(seed, settings)
        kept = {
            key: {n: v for n, v in values.items() if not n.startswith("q")}
            for key, values in statistics().items()
        }
        before, after = make_diffusion_pre_post_processors(policy.config, kept)
        for each in (policy, before, after):
            each.save_pretrained(root / name)

    expected = []
    for name, changes in CASES:
        settings = {"wide": WIDE, "biases": BIASES}[name]
        policy = DiffusionPolicy.from_pretrained(root / name, config=config(**(settings | changes)))
        before, after = make_diffusion_pre_post_processors(policy.config, statistics())
        expected.append({"checkpoint": name, "changes": changes, "actions": listed(answer(policy, before, after))})
    return expected


def make_old(root):
    policy = untrained(7, OLD, dataset_stats=statistics())
    policy.save_pretrained(root / "old")
    actions = answer(policy, policy.normalize_inputs, lambda a: policy.unnormalize_outputs({"action": a})["action"])
    return [{"checkpoint": "old", "changes": {}, "actions": listed(actions)}]


if __name__ == "__main__":
    torch.set_num_threads(1)
    old = "--old" in sys.argv
    root = Path(sys.argv[-1])
    made = make_old(root) if old else make_new(root)
    (root / ("expected-old.json" if old else "expected.json")).write_text(json.dumps(made) + "\n")
