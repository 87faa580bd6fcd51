#!/usr/bin/env python3
"""The peer that Acclimate's training speed is measured against: the same step in PyTorch.

Times, on this machine, training steps of a DeepLabv1 (ResNet-50/101, output stride 8) from random weights: forward in
training mode, cross-entropy on the enlarged logits, backward through all layers, SGD with momentum and weight decay.
Needs any PyTorch from 1.13 (CPU or CUDA), for instance Debian's python3-torch. Quote its version with the figures.

  /usr/bin/python3 torch_training_peer.py --batch 2 --height 256 --width 256 --json
"""
import argparse, json, os, resource, sys, time

# A fair peer keeps its memory: otherwise glibc hands every large tensor back and page faults dominate.
if os.environ.get("MALLOC_MMAP_MAX_") != "0":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": "100000000000"})

import torch, torch.nn as nn, torch.nn.functional as F

parser = argparse.ArgumentParser()
parser.add_argument("--backbone", default="resnet50", choices=["resnet50", "resnet101"])
parser.add_argument("--batch", type=int, default=2)
parser.add_argument("--height", type=int, default=256)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--repeats", type=int, default=3)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--json", action="store_true")
args = parser.parse_args()

torch.manual_seed(0)
torch.set_num_threads(args.threads)
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
size = (args.height, args.width)


class Bottleneck(nn.Module):
    def __init__(self, inputs, width, stride, dilation, project):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, width, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(True),
            nn.Conv2d(width, width, 3, stride, dilation, dilation, bias=False), nn.BatchNorm2d(width), nn.ReLU(True),
            nn.Conv2d(width, 4 * width, 1, bias=False), nn.BatchNorm2d(4 * width))
        self.shortcut = nn.Sequential(
            nn.Conv2d(inputs, 4 * width, 1, stride, bias=False), nn.BatchNorm2d(4 * width)) if project else nn.Identity()

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def layer(inputs, width, blocks, stride, dilation):
    return nn.Sequential(*[Bottleneck(inputs if i == 0 else 4 * width, width, stride if i == 0 else 1,
                                      1 if i == 0 else dilation, i == 0) for i in range(blocks)])


depth = 6 if args.backbone == "resnet50" else 23
network = nn.Sequential(nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(True), nn.MaxPool2d(3, 2, 1),
                        layer(64, 64, 3, 1, 1), layer(256, 128, 4, 2, 1), layer(512, 256, depth, 1, 2),
                        layer(1024, 512, 3, 1, 4), nn.Conv2d(2048, 19, 1)).to(device).train()
sgd = torch.optim.SGD(network.parameters(), lr=1e-4, momentum=0.9, weight_decay=1e-4)
image = torch.randn(args.batch, 3, *size, device=device)
label = torch.randint(0, 19, (args.batch, *size), device=device)
label[torch.rand(args.batch, *size, device=device) < 0.3] = 255


def step():
    logits = F.interpolate(network(image), size=size, mode="bilinear", align_corners=True)
    loss = F.cross_entropy(logits, label, ignore_index=255)
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    return loss.item()


seconds = []
for _ in range(args.repeats + 2):
    start = time.perf_counter()
    step()
    seconds.append(time.perf_counter() - start)

figures = {"torch": torch.__version__, "device": str(device), "threads": args.threads, "backbone": args.backbone,
           "batch": args.batch, "size": list(size), "step_s": min(seconds[2:]),
           "peak_rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}
print(json.dumps(figures) if args.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
