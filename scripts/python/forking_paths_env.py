"""Forking Paths for Gymnasium and LeRobot, in one file.

    pip install numpy websockets msgpack gymnasium
    npm run -s fp -- environment-server --task left-right --port 8001

    import gymnasium, forking_paths_env
    env = gymnasium.make("ForkingPaths-v0", url="ws://127.0.0.1:8001")
    envs = gymnasium.make_vec("ForkingPaths-v0", num_envs=16)

`Worlds` alone needs numpy, websockets and msgpack. docs/environment-server.md has the protocol.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack

import msgpack
import numpy as np
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

URL = "ws://127.0.0.1:8001"
# Starts that one seed of an evaluation has.
STARTS = 65536

# Lets LeRobot's --env.discover_packages_path take this module for a package without others in it.
__path__: list[str] = []


class ForkingPathsError(Exception):
    """What the server refused, or that it is not there: what was expected, what came, what to do."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


def _pack(value):
    """numpy as openpi's clients send it."""
    if isinstance(value, np.ndarray):
        data = np.ascontiguousarray(value).tobytes()
        return {b"__ndarray__": True, b"data": data, b"dtype": value.dtype.str, b"shape": value.shape}
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"expected numbers, texts, lists, maps or arrays, got {type(value).__name__}")


def _unpack(fields):
    if b"__ndarray__" not in fields:
        return fields
    array = np.frombuffer(fields[b"data"], np.dtype(fields[b"dtype"]))
    return array.reshape(fields[b"shape"]).copy()


class Worlds:
    """A connection to an environment server, and the worlds that it steps in lockstep."""

    def __init__(self, url: str = URL, token: str | None = None):
        self._open = ExitStack()
        headers = {"Authorization": f"Api-Key {token}"} if token else None
        try:
            dialled = connect(
                url, additional_headers=headers, compression=None, max_size=None, ping_interval=None
            )
            self._socket = self._open.enter_context(dialled)
        except (OSError, InvalidStatus) as error:
            body = getattr(getattr(error, "response", None), "body", None)
            said = body.decode().strip() if body else str(error)
            message = f"{url}: expected an environment server, got: {said}; start one, or give its token"
            raise ForkingPathsError("failed", message) from error
        # What the server says of its task.
        self.about = self._receive()

    def reset(self, starts, **options) -> dict:
        """Begins worlds at starts as `compare` numbers them.

        Options: seed, instructions, obs_horizon, picture, worlds.
        """
        return self._ask(op="reset", starts=[int(start) for start in starts], **options)

    def step(self, actions, **options) -> dict:
        """Moves all worlds by actions [n, 8], or by plans [n, H, 8]; options: execute, worlds."""
        return self._ask(op="step", actions=np.asarray(actions, np.float32), **options)

    def render(self, size: int = 256) -> np.ndarray:
        """What the front camera sees of each, u1 [n, size, size, 3]."""
        return self._ask(op="render", size=size)["pictures"]

    def close(self) -> None:
        self._open.close()

    def _ask(self, **request) -> dict:
        self._socket.send(msgpack.packb(request, default=_pack))
        answer = self._receive()
        if "error" in answer:
            raise ForkingPathsError(**answer["error"])
        return answer

    def _receive(self) -> dict:
        frame = self._socket.recv()
        # A text is the last thing that a server says.
        if isinstance(frame, str):
            raise ForkingPathsError("failed", frame)
        return msgpack.unpackb(frame, object_hook=_unpack)


try:
    import gymnasium
    from gymnasium import spaces
    from gymnasium.vector import AutoresetMode
    from gymnasium.vector.utils import batch_space
except ModuleNotFoundError:
    gymnasium = None

OBSERVED = {
    "environment_state_agent_pos": ("agent_pos", "environment_state"),
    "pixels_agent_pos": ("agent_pos", "pixels/front"),
    "pixels_environment_state_agent_pos": ("agent_pos", "environment_state", "pixels/front"),
}
# LeRobot's names of what environments observe, and what datasets and policies call it.
NAMES = {
    "agent_pos": "observation.state",
    "environment_state": "observation.environment_state",
    "pixels/front": "observation.images.front",
}


def _nest(values: dict) -> dict:
    """{"a/b": 1} as {"a": {"b": 1}}: cameras are by name within `pixels`."""
    nested: dict = {}
    for name, value in values.items():
        *within, last = name.split("/")
        place = nested
        for part in within:
            place = place.setdefault(part, {})
        place[last] = value
    return nested


class _Acting:
    """What an environment and a vector of them have in common."""

    def _dial(self, url, token, seed, obs_type, picture, instruction):
        if obs_type not in OBSERVED:
            raise ValueError(f"obs_type: expected one of {', '.join(OBSERVED)}, got {obs_type!r}")
        self._worlds = Worlds(url, token)
        about = self._worlds.about
        self._names = OBSERVED[obs_type]
        self._seed = seed
        self._picture = picture if "pixels/front" in self._names else None
        self._instruction = instruction
        self._next_start = 0
        self.task = about["task"]
        self.task_description = instruction or about["task_description"]
        self._max_episode_steps = about["most_steps"]
        self.metadata = {**self.metadata, "render_fps": about["control_hz"]}

    def _spaces(self):
        """By name, cameras as "pixels/front"."""
        shapes = self._worlds.about["observations"]
        inside = {
            name: spaces.Box(-np.inf, np.inf, tuple(shapes[NAMES[name]]), np.float32)
            for name in self._names
            if name != "pixels/front"
        }
        if self._picture is not None:
            shape = (self._picture, self._picture, 3)
            inside["pixels/front"] = spaces.Box(0, 255, shape, np.uint8)
        return inside

    def _observation_space(self):
        nested = _nest(self._spaces())
        within = {key: spaces.Dict(each) for key, each in nested.items() if isinstance(each, dict)}
        return spaces.Dict({**nested, **within})

    def _action_space(self):
        about = self._worlds.about
        low, high = (np.array(about[key], np.float32) for key in ("action_low", "action_high"))
        return spaces.Box(low, high, dtype=np.float32)

    def _begin(self, starts, places=None):
        """@param places worlds that begin anew; None: all of them"""
        options = {"seed": self._seed}
        if self._instruction is not None:
            options["instructions"] = [self._instruction] * len(starts)
        if places is not None:
            options["worlds"] = [int(place) for place in places]
        elif self._picture is not None:
            options["picture"] = self._picture
        self._next_start = (starts[-1] + 1) % STARTS
        return self._worlds.reset(starts, **options)

    def _take_starts(self, count):
        """The starts after those that were last."""
        return [(self._next_start + i) % STARTS for i in range(count)]

    def _seen(self, answer):
        return {name: answer[NAMES[name]] for name in self._names}


def _told(answer, i):
    """What is known of a world beside what is observed, after a step."""
    return {
        "is_success": bool(answer["success"][i]),
        "contact": bool(answer["contact"][i]),
        "mode": answer["mode"][i],
        "steps": int(answer["steps"][i]),
        "replay_hash": answer["replay_hash"][i],
    }


if gymnasium is not None:

    class ForkingPathsEnv(_Acting, gymnasium.Env):
        """One world. `reset(seed=n)` begins at start n of `compare --seed S`, S being `seed` here.

        Observes LeRobot's `agent_pos` [8] (7 joints in rad, gripper opening in m) and
        `environment_state`, or the front camera's `pixels` (`front` within it); an action is 7
        joint targets (rad) and the gripper's opening (m). The reward is 1 when it succeeds.
        """

        metadata = {"render_modes": ["rgb_array"], "render_fps": 20}

        def __init__(
            self,
            url: str = URL,
            token: str | None = None,
            seed: int = 0,
            obs_type: str = "environment_state_agent_pos",
            picture: int = 96,
            instruction: str | None = None,
            render_mode: str | None = None,
            render_size: int = 256,
        ):
            self._dial(url, token, seed, obs_type, picture, instruction)
            self.render_mode = render_mode
            self._render_size = render_size
            self.observation_space = self._observation_space()
            self.action_space = self._action_space()

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed)
            start = (options or {}).get("start", seed)
            starts = self._take_starts(1) if start is None else [start % STARTS]
            answer = self._begin(starts)
            return self._only(answer), {"start": starts[0], "is_success": False}

        def step(self, action):
            answer = self._worlds.step(np.asarray(action)[None])
            return (
                self._only(answer),
                float(answer["reward"][0]),
                bool(answer["terminated"][0]),
                bool(answer["truncated"][0]),
                _told(answer, 0),
            )

        def render(self):
            if self.render_mode is None:
                return None
            return self._worlds.render(self._render_size)[0]

        def close(self):
            self._worlds.close()

        def _only(self, answer):
            return _nest({name: rows[0] for name, rows in self._seen(answer).items()})

    class ForkingPathsVectorEnv(_Acting, gymnasium.vector.VectorEnv):
        """Worlds that advance in lockstep, all of them with one request a step.

        `reset(seed=n)` begins at starts n, n + 1, …; one that is over begins at the next start that
        none has had, with the step after (`autoreset_mode` NEXT_STEP) or with the same.
        """

        metadata = {"render_modes": ["rgb_array"], "render_fps": 20}

        def __init__(
            self,
            num_envs: int = 1,
            url: str = URL,
            token: str | None = None,
            seed: int = 0,
            obs_type: str = "environment_state_agent_pos",
            picture: int = 96,
            instruction: str | None = None,
            render_mode: str | None = None,
            render_size: int = 256,
            autoreset_mode: AutoresetMode = AutoresetMode.NEXT_STEP,
        ):
            self._dial(url, token, seed, obs_type, picture, instruction)
            self.num_envs = num_envs
            self.render_mode = render_mode
            self._render_size = render_size
            self._mode = AutoresetMode(autoreset_mode)
            self.metadata = {**self.metadata, "autoreset_mode": self._mode}
            self.single_observation_space = self._observation_space()
            self.single_action_space = self._action_space()
            self.observation_space = batch_space(self.single_observation_space, num_envs)
            self.action_space = batch_space(self.single_action_space, num_envs)
            self._over = np.zeros(num_envs, bool)

        def reset(self, *, seed=None, options=None):
            super().reset(seed=seed if isinstance(seed, int) else None)
            options = options or {}
            mask = options.get("reset_mask")
            places = None if mask is None else np.flatnonzero(mask)
            count = self.num_envs if places is None else len(places)
            starts = options.get("starts")
            if starts is None and isinstance(seed, int):
                starts = range(seed, seed + count)
            elif starts is None and seed is not None:
                starts = [seed[place] for place in (range(count) if places is None else places)]
            if starts is None:
                starts = self._take_starts(count)
            answer = self._begin([int(start) % STARTS for start in starts], places)
            if places is None:
                self._observed = self._seen(answer)
                self._over[:] = False
            else:
                self._show(places, answer)
                self._over[places] = False
            return self._copied(), {"start": np.array(starts)}

        def step(self, actions):
            # A world that is over stays as it is.
            answer = self._worlds.step(actions)
            self._observed = self._seen(answer)
            reward = answer["reward"].astype(np.float64)
            terminated, truncated = answer["terminated"], answer["truncated"]
            began = np.zeros(self.num_envs, bool)
            if self._mode == AutoresetMode.NEXT_STEP:
                began = self._over
                self._begin_next(np.flatnonzero(began))
                terminated[began] = truncated[began] = False
            infos = {}
            for i in np.flatnonzero(~began):
                infos = self._add_info(infos, _told(answer, i), i)
            over = terminated | truncated
            if self._mode == AutoresetMode.SAME_STEP:
                for i in np.flatnonzero(over):
                    seen = {name: rows[i].copy() for name, rows in self._observed.items()}
                    final = {"final_obs": _nest(seen), "final_info": _told(answer, i)}
                    infos = self._add_info(infos, final, i)
                self._begin_next(np.flatnonzero(over))
            else:
                self._over = over
            return self._copied(), reward, terminated, truncated, infos

        def render(self):
            if self.render_mode is None:
                return None
            return tuple(self._worlds.render(self._render_size))

        def close_extras(self, **kwargs):
            self._worlds.close()

        def _begin_next(self, places):
            if len(places) > 0:
                self._show(places, self._begin(self._take_starts(len(places)), places))

        def _show(self, places, answer):
            for name, rows in self._seen(answer).items():
                self._observed[name][places] = rows

        def _copied(self):
            return _nest({name: rows.copy() for name, rows in self._observed.items()})

    # The server says itself what is asked in the wrong order; and LeRobot looks for `task` on what
    # is outermost.
    gymnasium.register(
        id="ForkingPaths-v0",
        entry_point=ForkingPathsEnv,
        vector_entry_point=ForkingPathsVectorEnv,
        order_enforce=False,
    )


if "lerobot" in sys.modules and gymnasium is not None:
    from dataclasses import dataclass

    from lerobot.configs.types import FeatureType, PolicyFeature
    from lerobot.envs.configs import EnvConfig

    @EnvConfig.register_subclass("forking_paths")
    @dataclass
    class ForkingPathsEnvConfig(EnvConfig):
        """lerobot-eval --env.discover_packages_path=forking_paths_env --env.type=forking_paths

        Task, rate and sizes are those of the server at `url`.
        """

        task: str | None = None
        url: str = URL
        token: str | None = None
        # Of the evaluation whose starts lerobot-eval's --seed counts from.
        evaluation_seed: int = 0
        obs_type: str = "environment_state_agent_pos"
        picture: int = 96
        instruction: str | None = None
        render_size: int = 256

        def __post_init__(self):
            env = ForkingPathsEnv(**self._options())
            if self.task not in (None, env.task):
                raise ValueError(f"task: expected that of the server, {env.task}, got {self.task}")
            self.task = env.task
            self.fps = env.metadata["render_fps"]
            kinds = {
                "agent_pos": FeatureType.STATE,
                "environment_state": FeatureType.ENV,
                "pixels/front": FeatureType.VISUAL,
            }
            for name, space in env._spaces().items():
                self.features[name] = PolicyFeature(type=kinds[name], shape=space.shape)
            self.features["action"] = PolicyFeature(FeatureType.ACTION, env.action_space.shape)
            known = {**NAMES, "action": "action"}
            self.features_map = {name: known[name] for name in self.features}
            env.close()

        @property
        def gym_id(self) -> str:
            return "ForkingPaths-v0"

        @property
        def gym_kwargs(self) -> dict:
            return {**self._options(), "render_mode": "rgb_array", "render_size": self.render_size}

        def _options(self) -> dict:
            options = ("url", "token", "obs_type", "picture", "instruction")
            return {"seed": self.evaluation_seed, **{key: getattr(self, key) for key in options}}
