"""Serves a policy of LeRobot's to Forking Paths: python lerobot_policy_server.py DIRECTORY 8000"""
import sys

import torch
from lerobot.configs.policies import PreTrainedConfig
from lerobot.policies.factory import get_policy_class, make_pre_post_processors
from lerobot.policies.utils import populate_queues
from openpi_client import msgpack_numpy
from websockets.sync.server import serve

directory, port = sys.argv[1], int(sys.argv[2])
config = PreTrainedConfig.from_pretrained(directory)
policy = get_policy_class(config.type).from_pretrained(directory).eval()
before, after = make_pre_post_processors(config, directory)
torch.set_num_threads(1)  # A small network is faster so.


def plan(steps):
    """Observations, oldest first -> joint targets [H, 8], row 0 for now."""
    policy.reset()
    for step in steps:
        seen = {key: value for key, value in before(step).items() if key in step}
        if hasattr(policy, "_queues"):
            populate_queues(policy._queues, seen)
    return after(policy.predict_action_chunk(seen))[0]


def answer(connection):
    pack = msgpack_numpy.Packer().pack
    connection.send(pack({"fp": {"name": config.type, "obs_horizon": config.n_obs_steps}}))
    for message in connection:
        asked = msgpack_numpy.unpackb(message)
        seen = {key: torch.tensor(asked[key]) for key in asked if key.startswith("observation.")}
        steps = [{key: rows[i] for key, rows in seen.items()} for i in range(config.n_obs_steps)]
        with torch.inference_mode():
            connection.send(pack({"actions": plan(steps).numpy()}))


with serve(answer, "127.0.0.1", port, compression=None) as server:
    server.serve_forever()
