// A network that was read from an ONNX file, as an architecture like any other: quarters by depth, weights, logits.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { wrongFormat } from "../../checkpoints/checkpoint-error.ts";
import type { OnnxGraph, OnnxModel, OnnxNode } from "../../checkpoints/onnx/onnx-model.ts";
import type { StateDict, StateTensor } from "../../checkpoints/state-dict.ts";
import { at } from "../../graph/node.ts";
import { input } from "../../graph/ops/input.ts";
import { transpose } from "../../graph/ops/transpose.ts";
import type { Node } from "../../graph/types.ts";
import type { Architecture, Features, Stage } from "../architecture.ts";
import { uniformByInputs } from "../initial-values.ts";
import { type InputForm, toInputForm } from "../input-form.ts";
import { ListingScope, type ModelScope } from "../model-scope.ts";
import { normKeys } from "../normalization.ts";
import { normLayerOf } from "./norm-layer.ts";
import { live, shapeOf } from "./value.ts";
import { unsupported, unsupportedNodes, Walk } from "./walk.ts";

export interface ImportedNetwork {
  readonly architecture: Architecture;
  /** What its graphs read, by key. */
  readonly stateDict: StateDict;
}

/** How many parts can be frozen, counted by depth. */
export const PARTS = 4;
/** Sides that a network of open sizes is read at, until one fits: many that say so take one size only. */
const SIDES = [256, 512, 224, 384, 128, 64];
/** Behind the logits, what makes probabilities or classes of them, or moves those. */
const ENDINGS: ReadonlySet<string> = new Set([
  "ArgMax",
  "Softmax",
  "LogSoftmax",
  "Cast",
  "Squeeze",
  "Unsqueeze",
  "Identity",
]);
const CLASSIFIES: ReadonlySet<string> = new Set(["ArgMax", "Softmax", "LogSoftmax"]);
/** Layers, by which depth is counted. */
const COUNTED: ReadonlySet<string> = new Set(["Conv", "ConvTranspose", "MatMul", "Gemm", "Einsum"]);

/**
 * @param source  file name for messages
 * @throws AppError `checkpoint.operator` for operators that are not read, `checkpoint.format` for a network that takes no image
 *         or gives no scores of classes
 */
export function importNetwork(model: OnnxModel, source: string, form: InputForm): ImportedNetwork {
  const nodes = reaching(model.graph.nodes, logitsName(model.graph));
  const strange = unsupportedNodes({ ...model.graph, nodes });
  if (strange.length > 0) throw unsupported(strange);
  const importer = new Importer(model, nodes, source, form);
  const [first, ...others] = importer.sizes();
  for (const size of others.length === 0 ? [] : [first, ...others]) {
    try {
      return importer.network(size);
    } catch (error) {
      if (!(error instanceof AppError) || !ABOUT_SIZES.has(error.code)) throw error;
    }
  }
  return importer.network(first);
}

/** Codes of what goes wrong where a network does not take images of a size. */
const ABOUT_SIZES: ReadonlySet<string> = new Set(["checkpoint.operator", "graph.shapeMismatch", "image.size"]);

/** Height and width. */
type Size = readonly [number, number];

class Importer {
  readonly #model: OnnxModel;
  readonly #nodes: readonly OnnxNode[];
  readonly #source: string;
  readonly #form: InputForm;
  readonly #imageName: string;
  /** Whether channels are the last axis, as TensorFlow has them. */
  readonly #hasChannelsLast: boolean;
  readonly #declaredSize: readonly [number | null | undefined, number | null | undefined];

  constructor(model: OnnxModel, nodes: readonly OnnxNode[], source: string, form: InputForm) {
    const [image, ...more] = model.graph.inputs;
    if (image === undefined || more.length > 0) {
      throw wrongFormat(
        source,
        `is a network of ${model.graph.inputs.length} inputs; export one that takes an image alone.`,
      );
    }
    const { shape } = image;
    if (shape !== null && shape.length !== 4) {
      throw wrongFormat(
        source,
        `takes an input of ${shape.length} axes; export a network that takes an image [N, 3, H, W].`,
      );
    }
    this.#model = model;
    this.#nodes = nodes;
    this.#source = source;
    this.#form = form;
    this.#imageName = image.name;
    this.#hasChannelsLast = shape?.[3] === 3 && shape[1] !== 3;
    this.#declaredSize = this.#hasChannelsLast ? [shape?.[1], shape?.[2]] : [shape?.[2], shape?.[3]];
  }

  /** Heights and widths to read the network at, the likeliest first. */
  sizes(): readonly [Size, ...Size[]] {
    const [height, width] = this.#declaredSize;
    if (typeof height === "number" && typeof width === "number") return [[height, width]];
    const [first = 0, ...others] = SIDES;
    const sizeOf = (side: number): Size => [height ?? side, width ?? side];
    return [sizeOf(first), ...others.map(sizeOf)];
  }

  /** @param size  of the image that it is read at */
  network(size: Size): ImportedNetwork {
    const listing = new ListingScope("plain");
    const probe = this.#walk(listing, input("image", [1, 3, ...size]));
    probe.run(this.#nodes);
    const logits = this.#logits(probe, size);
    const stateDict = this.#stateDict(probe, listing);
    const cuts = cutsOf(this.#nodes, probe);
    const parts = new Map(
      cuts.flatMap(({ from, to }, part) => this.#keysOf(probe, from, to).map((key) => [key, part + 1])),
    );
    const architecture: Architecture = {
      arch: "onnx",
      backbone: "onnx",
      numClasses: at(logits.shape, 1),
      stages: cuts.map((cut, part) => this.#stage(cut, part, cuts.length)),
      alignCorners: false,
      smallestSide: 32,
      probeSize: size,
      coarsestStride: 0,
      copiesOfLoneImage: 1,
      keys: listing.keys,
      normalization: "plain",
      newLayers: [],
      initialValues: (_, weight) => uniformByInputs(weight),
      imagenetKey: () => null,
      layersOption: "resnetLayers",
      isFrozen: (key, layers) => layers.includes(parts.get(key) ?? PARTS),
    };
    return { architecture, stateDict };
  }

  #walk(scope: ModelScope, image: Node): Walk {
    const formed = toInputForm(image, this.#form);
    const laid = this.#hasChannelsLast ? transpose(formed, [0, 2, 3, 1]) : formed;
    return new Walk(this.#model, scope, new Map([[this.#imageName, live(laid)]]));
  }

  /** [N, K, h, w], whichever axis the network has its classes on. */
  #logits(walk: Walk, [height, width]: Size): Node {
    const value = walk.values.get(logitsName(this.#model.graph));
    const shape = value === undefined ? [] : shapeOf(value);
    if (value?.kind !== "live" || shape.length !== 4) {
      throw wrongFormat(
        this.#source,
        `gives [${shape.join(", ")}]; export a network that gives scores of classes [N, K, h, w].`,
      );
    }
    const [, first = 0, second = 0, third = 0] = shape;
    const isLast = Math.abs(first / second - height / width) < 1e-6 && Math.abs(second / third - height / width) > 1e-6;
    const logits =
      isLast || (this.#hasChannelsLast && third < first) ? transpose(value.node, [0, 3, 1, 2]) : value.node;
    if (at(logits.shape, 1) < 2) {
      throw wrongFormat(
        this.#source,
        "gives one score a pixel; export a network with a score for each of at least two classes.",
      );
    }
    return logits;
  }

  #stateDict(probe: Walk, { keys }: ListingScope): StateDict {
    const layers = new Map(
      this.#nodes
        .filter(({ op }) => op === "BatchNormalization")
        .flatMap((node) => [...(normLayerOf(probe.callOf(node))?.tensors ?? [])]),
    );
    return new Map(
      [...keys].map(([key, shape]): [string, StateTensor] => [key, layers.get(key) ?? tensorOf(probe, key, shape)]),
    );
  }

  #stage({ from, to, crossing }: Cut, part: number, parts: number): Stage {
    return {
      name: `part ${part + 1}`,
      apply: (scope, features) => {
        const image = at(features, -1);
        const walk = this.#walk(scope, image);
        const before = this.#walk(new ListingScope("plain"), image);
        before.run(this.#nodes.slice(0, from));
        for (const [name, value] of before.values) if (value.kind !== "live") walk.values.set(name, value);
        const given = part === 0 ? [] : crossing.before;
        for (const [k, name] of given.entries()) walk.values.set(name, live(at(features, k)));
        walk.run(this.#nodes.slice(from, to));
        if (part === parts - 1) return [this.#logits(walk, [at(image.shape, 2), at(image.shape, 3)])];
        const passed = crossing.after.map((name) => nodeIn(walk, name));
        const [first = image, ...others] = [...passed, image];
        return [first, ...others] satisfies Features;
      },
    };
  }

  /** Of the weights that these nodes read. */
  #keysOf(probe: Walk, from: number, to: number): string[] {
    return this.#nodes.slice(from, to).flatMap((node) => {
      const layer = node.op === "BatchNormalization" ? normLayerOf(probe.callOf(node)) : null;
      if (layer !== null) return [...Object.values(normKeys(layer.name, "plain"))];
      return node.inputs.flatMap((name) => {
        const value = probe.values.get(name);
        return value?.kind === "weight" ? [value.key] : [];
      });
    });
  }
}

/** Nodes of one part, and the values that come into it and go on from it. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly crossing: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Parts with as many layers each, as far as that goes. */
function cutsOf(nodes: readonly OnnxNode[], probe: Walk): Cut[] {
  const counted = [...nodes.keys()].filter((k) => COUNTED.has(nodes[k]?.op ?? ""));
  const parts = Math.max(1, Math.min(PARTS, counted.length));
  const starts = Array.from({ length: parts }, (_, part) =>
    part === 0 ? 0 : (counted[Math.floor((part * counted.length) / parts)] ?? 0),
  );
  return starts.map((from, part) => {
    const to = starts[part + 1] ?? nodes.length;
    return { from, to, crossing: { before: crossingAt(nodes, probe, from), after: crossingAt(nodes, probe, to) } };
  });
}

/** Values that nodes before a place make of the image and nodes behind it take. */
function crossingAt(nodes: readonly OnnxNode[], probe: Walk, place: number): string[] {
  const made = new Set(nodes.slice(0, place).flatMap(({ outputs }) => outputs));
  const taken = new Set(nodes.slice(place).flatMap(namesTaken));
  return [...made].filter((name) => taken.has(name) && probe.values.get(name)?.kind === "live");
}

/** By the node, or by nodes of its branches. */
function namesTaken({ inputs, attributes }: OnnxNode): string[] {
  const inner = [...attributes.values()].flatMap((one) =>
    one.kind === "graph" ? one.value.nodes.flatMap(namesTaken) : [],
  );
  const outputs = [...attributes.values()].flatMap((one) => (one.kind === "graph" ? one.value.outputs : []));
  return [...inputs, ...inner, ...outputs];
}

function nodeIn(walk: Walk, name: string): Node {
  const value = walk.values.get(name);
  if (value?.kind === "live") return value.node;
  throw new AppError("checkpoint.damaged", `The network has no value "${name}".`);
}

function tensorOf(probe: Walk, key: string, shape: readonly number[]): StateTensor {
  const value = probe.values.get(key);
  if (value?.kind === "weight") return value.tensor;
  // How many batches a normalisation layer has seen: no ONNX file says it.
  return { dtype: "int64", shape, data: new BigInt64Array(1) };
}

/** The value that holds the scores: the first output, or what makes it classes or probabilities was made of. */
function logitsName({ nodes, outputs }: OnnxGraph): string {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const [output = ""] = outputs;
  let name = output;
  let scores = output;
  for (let node = makers.get(name); node !== undefined && ENDINGS.has(node.op); node = makers.get(name)) {
    name = node.inputs[0] ?? "";
    if (CLASSIFIES.has(node.op)) scores = name;
  }
  return scores;
}

/** The nodes that a value is made by, in their order. */
function reaching(nodes: readonly OnnxNode[], name: string): OnnxNode[] {
  const wanted = new Set([name]);
  const kept = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((output) => wanted.has(output))) return false;
    for (const taken of namesTaken(node)) wanted.add(taken);
    return true;
  });
  return kept.toReversed();
}
