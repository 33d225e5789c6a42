"""Drives an environment server through scripts/python/forking_paths_env.py; what it saw goes to standard output."""
import json
import sys
import warnings

sys.path.insert(0, sys.argv[2])

import gymnasium
import numpy as np
from gymnasium.utils.env_checker import check_env

import forking_paths_env

url = sys.argv[1]
seen = {}
# It recommends bounds that joints do not have.
warnings.filterwarnings("ignore", category=UserWarning)

# Gymnasium's own check, with numbers and with pictures.
for obs_type in ("environment_state_agent_pos", "pixels_agent_pos"):
    made = gymnasium.make(
        "ForkingPaths-v0",
        url=url,
        obs_type=obs_type,
        picture=16,
        render_mode="rgb_array",
        render_size=16,
    )
    check_env(made.unwrapped)
    made.close()

# Pictures in lockstep, too.
envs = gymnasium.make_vec(
    "ForkingPaths-v0", num_envs=2, url=url, obs_type="pixels_agent_pos", picture=16
)
observed, _ = envs.reset(seed=0)
seen["pictures"] = [
    observed["pixels"]["front"].shape == envs.observation_space["pixels"]["front"].shape,
    envs.observation_space.contains(envs.step(observed["agent_pos"])[0]),
]
envs.close()

# One world, held where it begins until its time is up.
env = gymnasium.make("ForkingPaths-v0", url=url, seed=7)
observed, info = env.reset(seed=4)
seen["start"] = info["start"]
seen["begins"] = [*observed["agent_pos"].tolist(), *observed["environment_state"].tolist()]
hold = observed["agent_pos"]
over, steps = False, 0
while not over:
    _, reward, terminated, truncated, info = env.step(hold)
    steps += 1
    over = terminated or truncated
seen["held"] = [steps, reward, terminated, truncated, info["is_success"], info["replay_hash"]]
_, info = env.reset()
seen["next"] = info["start"]
env.close()

# Two in lockstep, held until both are over and the next ones begin.
for mode in ("NextStep", "SameStep"):
    envs = gymnasium.make_vec("ForkingPaths-v0", num_envs=2, url=url, seed=7, autoreset_mode=mode)
    observed, info = envs.reset(seed=[4, 9])
    actions = observed["agent_pos"]
    first = None
    for _ in range(170):
        observed, reward, terminated, truncated, info = envs.step(actions)
        if (terminated | truncated).any() and first is None:
            final = info["final_info"] if mode == "SameStep" else info
            first = [final["replay_hash"][0], (terminated | truncated).tolist()]
            begun = observed if mode == "SameStep" else envs.step(actions)[0]
            first.append(begun["agent_pos"][0].tolist())
    seen[mode] = first
    envs.close()

try:
    forking_paths_env.Worlds("ws://127.0.0.1:1")
except forking_paths_env.ForkingPathsError as error:
    seen["gone"] = [error.code, str(error)]
worlds = forking_paths_env.Worlds(url)
try:
    worlds.step(np.zeros((1, 8)))
except forking_paths_env.ForkingPathsError as error:
    seen["refused"] = [error.code, str(error)]
worlds.close()
print(json.dumps(seen))
