"""The U-Net of trajectories in JAX (policies/networks/unet.ts). Parameters have its names and shapes."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax
from jax.nn import silu

RATE, DECAY, BETA1, BETA2, EMA = 1e-3, 1e-6, 0.9, 0.999, 0.005


class Shapes(dict):
    """Parameters as they are declared."""

    def layer(self, name, *shape):
        self[f"{name}.weight"] = shape
        self[f"{name}.bias"] = shape[-1:]

    def norm(self, name, channels):
        self[f"{name}.scale"] = self[f"{name}.shift"] = (channels,)

    def encoder(self, name, source, target):
        self.layer(f"{name}.first", source, 4 * target)
        self.layer(f"{name}.second", 4 * target, target)

    def block(self, name, source, target, kernel, condition):
        self.layer(f"{name}.conv1", kernel, source, target)
        self.norm(f"{name}.norm1", target)
        self.layer(f"{name}.film", condition, 2 * target)
        self.layer(f"{name}.conv2", kernel, target, target)
        self.norm(f"{name}.norm2", target)
        if source != target:
            self.layer(f"{name}.project", 1, source, target)


def shapes_of(case):
    channels, size, kernel = case["channels"], case["embedding"], case["kernel"]
    shapes = Shapes()

    def blocks(level, source, target):
        shapes.block(f"{level}.first", source, target, kernel, 2 * size)
        shapes.block(f"{level}.second", target, target, kernel, 2 * size)

    shapes.encoder("step", size, size)
    shapes.encoder("observation", case["observationDim"], size)
    for level, (source, width) in enumerate(zip([case["actionDim"], *channels], channels)):
        blocks(f"down{level}", source, width)
    for level, width in enumerate(channels[:-1]):
        shapes.layer(f"down{level}.halve", 3, width, width)
        shapes.layer(f"up{level}.widen", 3, channels[level + 1], width)
        blocks(f"up{level}", 2 * width, width)
    blocks("middle", channels[-1], channels[-1])
    shapes.block("last", channels[0], channels[0], kernel, 2 * size)
    shapes.layer("output", 1, channels[0], case["actionDim"])
    return shapes


def network(case, p, actions, moment, observation):
    levels, groups, size = len(case["channels"]), case["groups"], case["embedding"]

    def linear(name, x):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def encode(name, x):
        return linear(f"{name}.second", silu(linear(f"{name}.first", x)))

    def convolve(name, x, stride=1):
        taps = p[f"{name}.weight"]
        y = lax.conv_general_dilated(
            x, taps, (stride,), "SAME", dimension_numbers=("NWC", "WIO", "NWC")
        )
        return y + p[f"{name}.bias"]

    def normalise(name, x):
        batch, time, channels = x.shape
        grouped = x.reshape(batch, time, groups, channels // groups)
        mean = grouped.mean((1, 3), keepdims=True)
        variance = ((grouped - mean) ** 2).mean((1, 3), keepdims=True)
        even = ((grouped - mean) * lax.rsqrt(variance + 1e-5)).reshape(x.shape)
        return even * p[f"{name}.scale"] + p[f"{name}.shift"]

    def block(name, x):
        scale, shift = jnp.split(linear(f"{name}.film", condition)[:, None], 2, 2)
        h = silu(normalise(f"{name}.norm1", convolve(f"{name}.conv1", x))) * (scale + 1) + shift
        y = silu(normalise(f"{name}.norm2", convolve(f"{name}.conv2", h)))
        return y + (convolve(f"{name}.project", x) if f"{name}.project.weight" in p else x)

    def blocks(level, x):
        return block(f"{level}.second", block(f"{level}.first", x))

    half = size // 2
    frequencies = 1000 * jnp.exp(-math.log(10_000) * jnp.arange(half) / (half - 1))
    angles = moment[:, None] * frequencies
    step = encode("step", jnp.concatenate([jnp.sin(angles), jnp.cos(angles)], 1))
    condition = silu(jnp.concatenate([step, encode("observation", observation)], 1))
    h, skips = actions, []
    for level in range(levels):
        h = blocks(f"down{level}", h)
        if level < levels - 1:
            skips.append(h)
            h = convolve(f"down{level}.halve", h, 2)
    h = blocks("middle", h)
    for level in reversed(range(levels - 1)):
        twice = jnp.repeat(h, 2, 1)
        joined = jnp.concatenate([convolve(f"up{level}.widen", twice), skips.pop()], 2)
        h = blocks(f"up{level}", joined)
    return convolve("output", block("last", h))


class Work:
    """Training steps or plans, one a call."""

    def __init__(self, case):
        self.case = case
        self.shapes = shapes_of(case)
        self.size = sum(math.prod(shape) for shape in self.shapes.values())
        self.chunk = (case["batch"], case["horizon"], case["actionDim"])
        random = np.random.default_rng(0)
        self.observation = self._normal(random, (case["batch"], case["observationDim"]))
        self.actions = self._normal(random, self.chunk)
        self.key = jax.random.PRNGKey(0)
        self.count = 0
        self._plan = jax.jit(self._draw)
        self._noisy = jax.jit(self._draw_from_noise)
        self._step = jax.jit(self._train, donate_argnums=0)
        self._begin({name: self._normal(random, s) / 10 for name, s in self.shapes.items()})

    @staticmethod
    def _normal(random, shape):
        return jnp.asarray(random.normal(size=shape).astype("f4"))

    def _begin(self, weights):
        self.weights = weights
        self.state = (
            {name: w + 0 for name, w in weights.items()},
            {name: w * 0 for name, w in weights.items()},
            {name: w * 0 for name, w in weights.items()},
            {name: w + 0 for name, w in weights.items()},
        )

    def load(self, parameters, numbers):
        """Takes over weights of ours: a flat vector with names and shapes."""
        offset, weights = 0, {}
        for each in parameters:
            end = offset + math.prod(each["shape"])
            weights[each["name"]] = jnp.asarray(numbers[offset:end].reshape(each["shape"]))
            offset = end
        if {name: w.shape for name, w in weights.items()} != dict(self.shapes):
            raise ValueError("the parameters are not those of this network")
        self._begin(weights)

    def draw(self, noise, observation):
        case = self.case
        x = jnp.asarray(noise.reshape(self.chunk))
        told = jnp.asarray(observation.reshape(case["batch"], case["observationDim"]))
        return np.asarray(self._plan(self.weights, x, told))

    def call(self):
        self.count += 1
        count = jnp.int32(self.count)
        if self.case["kind"] == "train":
            self.state, loss = self._step(self.state, count)
            loss.block_until_ready()
        else:
            self._noisy(self.weights, count).block_until_ready()

    def _draw_from_noise(self, p, count):
        noise = jax.random.normal(jax.random.fold_in(self.key, count), self.chunk)
        return self._draw(p, noise, self.observation)

    def _draw(self, p, x, observation):
        steps, batch = self.case["steps"], self.case["batch"]
        for i in range(steps):
            moment = jnp.full((batch,), i / steps)
            x = x + network(self.case, p, x, moment, observation) / steps
        return x

    def _train(self, state, count):
        p, moment1, moment2, average = state
        for_time, for_noise = jax.random.split(jax.random.fold_in(self.key, count))
        tau = jax.random.uniform(for_time, self.chunk[:1])
        noise = jax.random.normal(for_noise, self.chunk)
        velocity = self.actions - noise

        def loss_of(q):
            x = noise + velocity * tau[:, None, None]
            return ((network(self.case, q, x, tau, self.observation) - velocity) ** 2).mean()

        loss, gradients = jax.value_and_grad(loss_of)(p)
        norm = jnp.sqrt(sum((g**2).sum() for g in gradients.values()))
        share = jnp.minimum(1.0, 1 / (norm + 1e-6))
        clipped = {k: share * g for k, g in gradients.items()}
        means = {k: BETA1 * moment1[k] + (1 - BETA1) * g for k, g in clipped.items()}
        squares = {k: BETA2 * moment2[k] + (1 - BETA2) * g**2 for k, g in clipped.items()}

        def moved(k):
            mean = means[k] / (1 - BETA1**count)
            spread = jnp.sqrt(squares[k] / (1 - BETA2**count)) + 1e-8
            return p[k] * (1 - RATE * DECAY) - RATE * mean / spread

        weights = {k: moved(k) for k in p}
        averages = {k: average[k] + EMA * (weights[k] - average[k]) for k in p}
        return (weights, means, squares, averages), loss
