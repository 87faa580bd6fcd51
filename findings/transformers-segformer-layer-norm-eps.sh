#!/usr/bin/env bash
# transformers 5.24.0: SegFormer's option layer_norm_eps does nothing.
# Expected: SegformerConfig().layer_norm_eps, which is 1e-6 as in the original's blocks, in the network's layer norms; another value given
# there changes what the network computes.
# Seen: every LayerNorm has PyTorch's default 1e-5, whatever the config says. Weights converted from the original are run with another
# epsilon than they were trained with; with channels of a small deviation (0.01) a norm's result is 4 % smaller.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check torch==2.15.0 numpy==2.2.6 transformers==5.24.0
cat >check.py <<'PY'
import torch
import transformers
from transformers import SegformerConfig, SegformerForSemanticSegmentation

print(f"transformers {transformers.__version__}, PyTorch {torch.__version__}")
for told in (None, 1e-6, 1e-2):
    config = SegformerConfig() if told is None else SegformerConfig(layer_norm_eps=told)
    network = SegformerForSemanticSegmentation(config)
    found = {module.eps for module in network.modules() if isinstance(module, torch.nn.LayerNorm)}
    print(f"config says {config.layer_norm_eps:g}, layer norms have {sorted(found)}")
    if found != {1e-5} or config.layer_norm_eps == 1e-5:
        raise SystemExit("behaves otherwise now")
x = 0.01 * torch.randn(1, 64, generator=torch.Generator().manual_seed(0))
ratio = (torch.nn.functional.layer_norm(x, [64], eps=1e-5) / torch.nn.functional.layer_norm(x, [64], eps=1e-6)).mean().item()
print(f"deviation 0.01: a norm by 1e-5 is {1 - ratio:.1%} smaller than by 1e-6")
if not 0.03 < 1 - ratio < 0.06:
    raise SystemExit("behaves otherwise now")
PY
env/bin/python check.py
