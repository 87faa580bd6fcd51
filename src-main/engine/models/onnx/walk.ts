// Goes through the nodes of an ONNX graph in their order and keeps what each value is.
import { AppError } from "../../../../src-shared/contract/errors.ts";
import { nodeText, type OnnxGraph, type OnnxModel, type OnnxNode } from "../../checkpoints/onnx/onnx-model.ts";
import type { ModelScope } from "../model-scope.ts";
import { OperatorCall } from "./operator-call.ts";
import { OPERATORS } from "./operators/index.ts";
import { type Value, valueOfTensor } from "./value.ts";

export class Walk {
  readonly #opset: number;
  readonly #scope: ModelScope;
  readonly values: Map<string, Value>;

  constructor({ opset, graph }: OnnxModel, scope: ModelScope, values: ReadonlyMap<string, Value> = new Map()) {
    this.#opset = opset;
    this.#scope = scope;
    this.values = new Map([...tensorsOf(graph), ...values]);
  }

  /** @throws AppError `checkpoint.operator` for a node that can't be read, `graph.shapeMismatch` for sizes that do not fit */
  run(nodes: readonly OnnxNode[]): void {
    for (const node of nodes) this.#step(node);
  }

  valueOf(name: string, node: OnnxNode): Value {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    throw new AppError(
      "checkpoint.damaged",
      `The node ${nodeText(node)} takes a value "${name}" that no node before it makes.`,
    );
  }

  /** The node with the values that it takes. */
  callOf(node: OnnxNode): OperatorCall {
    const inputs = node.inputs.map((name) => (name === "" ? undefined : this.valueOf(name, node)));
    const runGraph = (graph: OnnxGraph): Value[] => this.#branch(graph, node);
    return new OperatorCall(node, inputs, { opset: this.#opset, scope: this.#scope, runGraph });
  }

  #step(node: OnnxNode): void {
    const results = this.#results(node);
    for (const [k, name] of node.outputs.entries()) {
      const result = results[k];
      if (name !== "" && result !== undefined) this.values.set(name, result);
    }
  }

  #results(node: OnnxNode): readonly Value[] {
    const call = this.callOf(node);
    if (node.op === "Identity") return [renamed(call.inputs[0], node)];
    const operator = node.domain === "" ? OPERATORS[node.op] : undefined;
    if (operator === undefined) throw unsupported([node]);
    try {
      return operator(call);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== "graph.shapeMismatch") throw error;
      throw new AppError("graph.shapeMismatch", `The node ${nodeText(node)} does not fit: ${error.message}`);
    }
  }

  #branch(graph: OnnxGraph, node: OnnxNode): Value[] {
    for (const [name, value] of tensorsOf(graph)) this.values.set(name, value);
    this.run(graph.nodes);
    return graph.outputs.map((name) => this.valueOf(name, node));
  }
}

/** An exporter writes tensors of equal numbers once and the others as its copies: each is a weight of its own. */
function renamed(value: Value | undefined, node: OnnxNode): Value {
  if (value === undefined) throw new AppError("checkpoint.damaged", `The node ${nodeText(node)} has no input.`);
  return value.kind === "weight" ? { ...value, key: node.outputs[0] ?? value.key } : value;
}

function tensorsOf({ initializers }: OnnxGraph): [string, Value][] {
  return [...initializers].map(([name, tensor]) => [name, valueOfTensor(name, tensor)]);
}

/** Which operators are not read, and where they are. */
export function unsupported(nodes: readonly OnnxNode[]): AppError {
  const byOp = Map.groupBy(nodes, ({ domain, op }) => (domain === "" ? op : `${domain}.${op}`));
  const parts = [...byOp].map(([op, found]) => {
    const more = found.length > 2 ? ` and ${found.length - 2} more` : "";
    return `${op} (${found.slice(0, 2).map(nodeText).join(", ")}${more})`;
  });
  return new AppError(
    "checkpoint.operator",
    `The network has operators that Acclimate can't read: ${parts.join("; ")}; export it without them.`,
  );
}

/** Of all nodes, those of branches included, the ones whose operators are not read. */
export function unsupportedNodes(graph: OnnxGraph): OnnxNode[] {
  return graph.nodes.flatMap((node) => {
    const inner = [...node.attributes.values()].flatMap((one) =>
      one.kind === "graph" ? unsupportedNodes(one.value) : [],
    );
    const isRead = node.op === "Identity" || (node.domain === "" && Object.hasOwn(OPERATORS, node.op));
    return isRead ? inner : [node, ...inner];
  });
}
