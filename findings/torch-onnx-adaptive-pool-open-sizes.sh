#!/usr/bin/env bash
# PyTorch 2.15.0's newer ONNX exporter (dynamo=True, onnxscript 0.7.2), run by ONNX Runtime 1.30.0 on the processor: adaptive average
# pooling exported with open height and width is right for the map it was exported with, and for few others.
# Expected: the pooled means of PyTorch at every size, or an export that is refused, as the older exporter does for bins that do not divide
# the map.
# Seen: the file declares open sizes. From a map of 9x12 with 6x6 bins, maps of 7x9 and 13x17 give other numbers without a word (off by about
# 1 where values have a deviation of 1), 6x8 ends in "invalid index found" of a GatherND; from a map that the bins divide, results have another
# shape. Pyramid pooling (PSPNet, UPerNet) is made of these layers, so a segmentation network is wrong at other image sizes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.2.6 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.30.0
cat >check.py <<'PY'
import warnings

import numpy
import onnxruntime
import torch

warnings.filterwarnings("ignore")
onnxruntime.set_default_logger_severity(4)
print(f"PyTorch {torch.__version__}, ONNX Runtime {onnxruntime.__version__}")
generator = numpy.random.default_rng(0)


def exported(pool, size):
    open_sizes = {2: torch.export.Dim.AUTO, 3: torch.export.Dim.AUTO}
    arguments = dict(dynamo=True, external_data=False, dynamic_shapes=(open_sizes,), verbose=False)
    torch.onnx.export(pool, (torch.randn(1, 2, *size),), "pool.onnx", **arguments)
    return onnxruntime.InferenceSession("pool.onnx", providers=["CPUExecutionProvider"])


def outcome(session, pool, size):
    x = generator.normal(size=(1, 2, *size)).astype(numpy.float32)
    right = pool(torch.from_numpy(x)).numpy()
    try:
        found = session.run(None, {session.get_inputs()[0].name: x})[0]
    except Exception as error:
        return "invalid index" if "invalid index found" in str(error) else str(error)
    if found.shape != right.shape:
        return "shape"
    return "wrong" if abs(found - right).max() > 0.1 else "right"


expected = {
    (6, (9, 12)): {(9, 12): "right", (7, 9): "wrong", (13, 17): "wrong", (6, 8): "invalid index"},
    (3, (9, 12)): {(9, 12): "right", (7, 9): "shape", (8, 8): "shape"},
}
for (bins, traced), sizes in expected.items():
    pool = torch.nn.AdaptiveAvgPool2d(bins).eval()
    session = exported(pool, traced)
    assert all(isinstance(size, str) for size in session.get_inputs()[0].shape[2:]), "sizes are not open"
    for size, wanted in sizes.items():
        found = outcome(session, pool, size)
        print(f"{bins}x{bins} bins, exported with a map of {traced[0]}x{traced[1]}, run on {size[0]}x{size[1]}: {found}")
        if found != wanted:
            raise SystemExit("behaves otherwise now")
PY
env/bin/python check.py
