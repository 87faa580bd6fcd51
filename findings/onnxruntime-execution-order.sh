#!/usr/bin/env bash
# ONNX Runtime 1.30.0, CPU, one thread: nodes are not run in the order of the file, which may be any topological one, but backwards
# from the node that was written last, the last-written input of each node first; so the order of writing decides what is held.
# Expected: the file's order, or none that matters.
# Seen: the same four independent branches with one output each run in reverse; and of `Add(long, short)` the branch that was
# written second runs first, whichever operand it is. A backward pass written layer by layer from the first keeps all
# gradients of activations until its end: twice the memory of the same graph written the other way round.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check onnxruntime==1.30.0 onnx==1.23.2 numpy==2.2.6
cat >check.py <<'PY'
import json
import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper


def order_of(nodes, outputs):
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [4])
    graph = helper.make_graph(nodes, "graph", [value("x")], [value(name) for name in outputs])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model)
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.intra_op_num_threads = 1
    options.enable_profiling = True
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    session.run(None, {"x": np.ones(4, np.float32)})
    events = [event for event in json.load(open(session.end_profiling())) if event["name"].endswith("_kernel_time")]
    return [event["name"].removesuffix("_kernel_time") for event in sorted(events, key=lambda event: event["ts"])]


node = lambda op, inputs, name: helper.make_node(op, inputs, [name], name=name)
branches = [node("Exp", ["x"], name) for name in "abcd"]
long = [node("Exp", ["x"], "long1"), node("Sin", ["long1"], "long2")]
short = [node("Cos", ["x"], "short")]
total = [node("Add", ["long2", "short"], "sum")]
found = {
    "four outputs, written a b c d": order_of(branches, list("abcd")),
    "long written before short": order_of([*long, *short, *total], ["sum"]),
    "short written before long": order_of([*short, *long, *total], ["sum"]),
}
print(f"ONNX Runtime {onnxruntime.__version__}")
for what, order in found.items():
    print(f"{what}: runs {' '.join(order)}")
expected = [["d", "c", "b", "a"], ["short", "long1", "long2", "sum"], ["long1", "long2", "short", "sum"]]
if list(found.values()) != expected:
    raise SystemExit("behaves otherwise now")
PY
env/bin/python check.py
