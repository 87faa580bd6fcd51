#!/usr/bin/env bash
# PyTorch 2.15.0, CPU, float32: the 2-norm of one large tensor loses digits that the sum of its squares keeps.
# Expected: about 1e-7, as sum() has, whose partial sums are taken in a tree.
# Seen: for ten million equal numbers norm() and torch.linalg.vector_norm are 0.8 % too small, for a hundred million 4 %;
# (x * x).sum().sqrt() is right to 1e-6. A distance between two networks whose weights were flattened into one vector, or
# a gradient's norm to clip by, is off by that much; taken tensor by tensor it is not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.2.6
cat >check.py <<'PY'
import torch

torch.set_num_threads(1)  # each of more threads adds up its own share, which hides a part of it
print(f"PyTorch {torch.__version__}")
for count, least in ((10**7, 5e-3), (10**8, 2e-2)):
    x = torch.full((count,), 0.1)
    right = float(torch.tensor(0.1, dtype=torch.float32)) * count**0.5
    ways = {
        "norm()": x.norm().item(),
        "vector_norm": torch.linalg.vector_norm(x).item(),
        "(x * x).sum().sqrt()": (x * x).sum().sqrt().item(),
    }
    for name, found in ways.items():
        error = found / right - 1
        print(f"{count:>9} times 0.1: {name:21} {found:.4f}, off by {error:+.1e}")
        if (abs(error) > least) != (name != "(x * x).sum().sqrt()"):
            raise SystemExit("behaves otherwise now")
PY
env/bin/python check.py
