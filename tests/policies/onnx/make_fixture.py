"""Writes a policy as a stranger might: names, units, normalisation and horizons of its own.

    pip install onnx numpy; python tests/policies/onnx/make_fixture.py

It moves each joint steadily towards where a linear map of what it sees has it, in degrees, with noise on the way,
and the gripper, 0 closed to 1 open, likewise. Row 0 of its 17 is the step before now. `expected.json` says what it
answers, computed here by numpy in the units of the simulator.
"""
import json
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = pathlib.Path(__file__).parent / "fixtures"
ROWS, JOINTS, SCENE, OPENING = 17, 7, 6, 0.08
rng = np.random.default_rng(0)
mean = np.array([0, 10, 0, -120, 0, 130, 45, 0.5])
std = np.array([20, 20, 20, 25, 15, 25, 20, 0.4])
low, high = np.array([0.3, -0.2, 0.0, 0.3, -0.2, 0.0]), np.array([0.7, 0.2, 0.4, 0.7, 0.2, 0.4])
weights = (0.2 * rng.standard_normal((8 + SCENE, 8))).astype(np.float32)
ramp = (np.arange(ROWS, dtype=np.float32).reshape(1, ROWS, 1) - 1) / 10


def model():
    def constant(name, value):
        return numpy_helper.from_array(np.asarray(value), name)

    nodes = [
        helper.make_node("Concat", ["qpos", "scene"], ["seen"], axis=1),
        helper.make_node("MatMul", ["seen", "weights"], ["goal"]),
        helper.make_node("Unsqueeze", ["goal", "one"], ["goals"]),
        helper.make_node("Mul", ["goals", "ramp"], ["path"]),
        helper.make_node("Mul", ["z", "tenth"], ["shake"]),
        helper.make_node("Add", ["path", "shake"], ["delta"]),
    ]
    floats = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", *shape])
    graph = helper.make_graph(
        nodes,
        "stranger",
        [floats("qpos", 8), floats("scene", SCENE), floats("z", ROWS, 8)],
        [floats("delta", ROWS, 8)],
        [
            constant("weights", weights),
            constant("ramp", ramp),
            constant("tenth", np.float32(0.1)),
            constant("one", np.array([1], dtype=np.int64)),
        ],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(made, full_check=True)
    return made


MANIFEST = {
    "name": "stranger",
    "task": "left-right",
    "control_hz": 20,
    "observation_horizon": 1,
    "prediction_horizon": 16,
    "units": {"joints": "deg", "gripper": "fraction"},
    "inputs": {
        "qpos": {"is": "observation.state", "mean": mean.tolist(), "std": std.tolist()},
        "scene": {"is": "observation.environment_state", "min": low.tolist(), "max": high.tolist()},
        "z": {"is": "noise"},
    },
    "output": {
        "name": "delta",
        "is": "joint_target_rel",
        "first_row": 1,
        "mean": [0] * 7 + [0.5],
        "std": [20] * 7 + [0.4],
    },
}


def expected():
    state = np.array([[0.1, 0.2, -0.1, -2.1, 0.05, 2.3, 0.8, 0.04], [0, 0.1, 0, -2.0, 0, 2.2, 0.7, 0.08]])
    scene = rng.uniform(low, high, (2, SCENE))
    z = rng.standard_normal((2, ROWS, 8))
    said = np.concatenate([np.degrees(state[:, :JOINTS]), state[:, JOINTS:] / OPENING], 1)
    seen = np.concatenate([(said - mean) / std, (scene - low) / (high - low) * 2 - 1], 1)
    delta = (seen @ weights)[:, None] * ramp + 0.1 * z
    joints = state[:, None, :JOINTS] + np.radians(20 * delta[..., :JOINTS])
    gripper = (0.5 + 0.4 * delta[..., JOINTS:]) * OPENING
    plan = np.concatenate([joints, gripper], 2)[:, 1:]
    seen_here = np.concatenate([state, scene], 1)
    return {"observation": seen_here.tolist(), "noise": z.tolist(), "plan": plan.tolist()}


HERE.mkdir(exist_ok=True)
(HERE / "stranger.onnx").write_bytes(model().SerializeToString())
(HERE / "stranger.onnx.json").write_text(json.dumps(MANIFEST, indent=2) + "\n")
rounded = json.loads(json.dumps(expected()), parse_float=lambda text: round(float(text), 8))
(HERE / "expected.json").write_text(json.dumps(rounded) + "\n")
