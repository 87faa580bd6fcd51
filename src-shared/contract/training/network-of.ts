// Which network a training of any method trains, as checkpoints name it.
import type { TrainingConfig } from "./training-config.ts";

export interface NetworkNames {
  readonly arch: string;
  /** A network that is its own backbone has its own name here. */
  readonly backbone: string;
}

export function networkOf(config: TrainingConfig): NetworkNames {
  switch (config.method) {
    case "source-training": {
      const { archType: arch, backboneName } = config;
      return { arch, backbone: arch.startsWith("hrnet") ? arch : backboneName };
    }
    case "da-sac-baseline":
    case "da-sac":
    case "crots-baseline":
    case "crots": {
      const [, family = "", backbone = ""] = /^(deeplabv2|fcn)_(.*)$/.exec(config.network) ?? [];
      return { arch: family === "fcn" ? "fcn8s" : family, backbone };
    }
    case "daformer":
    case "entropy-balancing": {
      const { encoder: backbone, head } = config;
      return { arch: head === "daformer_sepaspp" ? "daformer" : head, backbone };
    }
    default:
      return config satisfies never;
  }
}
