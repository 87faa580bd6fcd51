// Networks in checkpoints of all sorts: whatever stands before their names, around them and beside them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  OpaqueGlobal,
  OpaqueObject,
  type PickleValue,
} from "../../../../src-main/engine/checkpoints/pickle/pickle-values.ts";
import { bytesOfTensor, type StateDict, type StateTensor } from "../../../../src-main/engine/checkpoints/state-dict.ts";
import { heaviestOpaque, tensorDicts } from "../../../../src-main/engine/checkpoints/torch/find-state-dict.ts";
import { checkpointNotes } from "../../../../src-main/engine/models/checkpoint-notes.ts";
import { inspectCheckpoint } from "../../../../src-main/engine/models/inspect-checkpoint.ts";
import { type Checkpoint, parseCheckpoint } from "../../../../src-main/engine/models/load-checkpoint.ts";
import { TINY_ARCHITECTURES, tinyWeights } from "../../../helpers/tiny-architectures.ts";
import { tinyStateDict } from "../../../helpers/tiny-checkpoint.ts";
import { orderedDict, PyCall, PyGlobal, PyTuple, type PyValue } from "../../../helpers/write-pickle.ts";
import { torchLegacyChunks, torchZipChunks } from "../../../helpers/write-torch-checkpoint.ts";

const WEIGHTS = tinyStateDict();
const SCALAR: StateTensor = { dtype: "float32", shape: [3], data: Float32Array.of(1, 2, 3) };

const dict = (entries: Readonly<Record<string, PyValue>>) => new Map<PyValue, PyValue>(Object.entries(entries));
const prefixed = (prefix: string, stateDict: StateDict): StateDict =>
  new Map([...stateDict].map(([key, tensor]) => [prefix + key, tensor]));
const raised = (stateDict: StateDict): StateDict =>
  new Map(
    [...stateDict].map(([key, tensor]) => [
      key,
      tensor.data instanceof Float32Array ? { ...tensor, data: tensor.data.map((value) => value + 0.5) } : tensor,
    ]),
  );

interface Options {
  readonly wrap?: (stateDict: PyValue) => PyValue;
  readonly weights?: string;
  readonly write?: typeof torchZipChunks;
}

function parse(tensors: StateDict, { wrap = (all) => all, weights, write = torchZipChunks }: Options = {}): Checkpoint {
  const bytes = new Uint8Array(Buffer.concat(write(tensors, { wrap })));
  return parseCheckpoint({ path: "x.ckpt", name: "x.ckpt", bytes, sha256: "" }, weights);
}

function expectNetwork(checkpoint: Checkpoint, expected: StateDict = WEIGHTS): void {
  const { stateDict } = checkpoint;
  expect([...stateDict.keys()].toSorted()).toEqual([...expected.keys()].toSorted());
  const others = [...expected].filter(([key, tensor]) => {
    const found = stateDict.get(key);
    return found === undefined || !Buffer.from(bytesOfTensor(found)).equals(bytesOfTensor(tensor));
  });
  expect(others.map(([key]) => key)).toEqual([]);
  expect(inspectCheckpoint(checkpoint)).toMatchObject({ problems: [], refusal: null });
}

describe("names", () => {
  it.each(Object.entries(TINY_ARCHITECTURES))("of %s may have anything before them", (_, architecture) => {
    const weights = tinyWeights(architecture);
    const part = fc.constantFrom("model", "net", "module", "_orig_mod", "my_net", "0", "student");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), fc.array(part, { maxLength: 3 }), (before, around) => {
        const prefix = before.map((name) => `${name}.`).join("");
        const wrap = (all: PyValue) => around.reduceRight((inner, name) => dict({ epoch: 3, [name]: inner }), all);
        expectNetwork(parse(prefixed(prefix, weights), { wrap }), weights);
      }),
      { numRuns: 4 },
    );
  });

  it("may have wrappers among them", () => {
    const wrapped = new Map(
      [...WEIGHTS].map(([key, tensor]) => [key.replace("backbone.", "backbone._orig_mod."), tensor]),
    );
    expectNetwork(parse(prefixed("module.", wrapped)));
  });

  it("may lack the name of the original's own wrapper", () => {
    const weights = tinyWeights(TINY_ARCHITECTURES.deeplabv3plus);
    const bare = new Map([...weights].map(([key, tensor]) => [key.slice("model.".length), tensor]));
    expectNetwork(parse(prefixed("net.", bare)), weights);
  });

  it("may be those of parts that were saved apart, in a list", () => {
    const wrap = (all: PyValue) => {
      if (!(all instanceof PyCall)) throw new Error("no state dict");
      const part = (name: string) =>
        orderedDict(
          new Map(
            [...all.entries].flatMap(([key, value]) =>
              String(key).startsWith(`${name}.`) ? [[String(key).slice(name.length + 1), value]] : [],
            ),
          ),
        );
      return [dict({ backbone: part("backbone"), cls_head: part("cls_head") }), dict({ lr: 0.1 })];
    };
    expectNetwork(parse(WEIGHTS, { wrap }));
  });
});

describe("counters of batches", () => {
  it("may be missing", () => {
    const without = new Map([...WEIGHTS].filter(([key]) => !key.endsWith("num_batches_tracked")));
    const read = parse(without);
    expect(inspectCheckpoint(read).refusal).toBeNull();
    expect(read.stateDict.size).toBe(WEIGHTS.size);
  });

  it("are all that may be missing", () => {
    const without = new Map([...WEIGHTS].filter(([key]) => !key.endsWith(".running_mean")));
    expect(inspectCheckpoint(parse(prefixed("net.", without))).problems.every(({ kind }) => kind === "missing")).toBe(
      true,
    );
    expect(inspectCheckpoint(parse(prefixed("net.", without))).refusal?.code).toBe("checkpoint.mismatch");
  });
});

describe("tensors beside the network", () => {
  it.each([
    ["of metrics and losses", prefixed("model.", WEIGHTS), ["val_iou.confmat", "criterion.weight"]],
    ["of an auxiliary head", WEIGHTS, ["aux_head.0.weight", "auxiliary_head.conv_seg.weight"]],
  ])("%s are named and not used", (_, weights, names) => {
    const read = parse(new Map([...weights, ...names.map((name) => [name, SCALAR] as const)]));
    expectNetwork(read);
    expect(read.unused.toSorted()).toEqual(names.toSorted());
    expect(checkpointNotes(read)).toEqual([expect.stringContaining(`not used: "${read.unused[0]}"`)]);
  });

  it("among its layers are another network's", () => {
    const read = parse(new Map([...WEIGHTS, ["backbone.layer1.0.attention.weight", SCALAR]]));
    expect(inspectCheckpoint(read).problems).toMatchObject([
      { key: "backbone.layer1.0.attention.weight", kind: "unexpected" },
    ]);
  });
});

describe("several networks", () => {
  const both = new Map([...prefixed("model.", WEIGHTS), ...prefixed("ema_model.", raised(WEIGHTS))]);

  it("are named; the one that is no moving average is read, or the one that is asked for", () => {
    const read = parse(both);
    expectNetwork(read);
    expect(read.networks).toEqual({ names: ["model", "ema_model"], chosen: "model" });
    expect(checkpointNotes(read)[0]).toContain("--weights ema_model");
    for (const weights of ["ema_model", "teacher"]) expectNetwork(parse(both, { weights }), raised(WEIGHTS));
    expectNetwork(parse(both, { weights: "student" }));
  });

  it("may be in dicts of their own, the moving average first", () => {
    const wrap = (all: PyValue) => dict({ state_dict_ema: all, state_dict: all });
    expect(parse(WEIGHTS, { wrap }).networks?.chosen).toBe("state_dict");
    const nested = new Map([...prefixed("ema.", raised(WEIGHTS)), ...prefixed("net.", WEIGHTS)]);
    expectNetwork(parse(nested));
  });

  it("of a name that is not there are listed", () => {
    expect(() => parse(both, { weights: "best" })).toThrow(
      'holds no network "best": give --weights one of "model", "ema_model".',
    );
  });

  it("that are not whole do not count", () => {
    const [first] = [...WEIGHTS.keys()];
    const broken = new Map([...WEIGHTS].filter(([key]) => key !== first));
    const read = parse(new Map([...prefixed("model.", broken), ...prefixed("ema_model.", raised(WEIGHTS))]));
    expectNetwork(read, raised(WEIGHTS));
    expect(read.networks).toBeNull();
  });
});

describe("objects", () => {
  const numpy = (type: string, state: PyValue) =>
    new PyCall(new PyGlobal("numpy.core.multiarray", "_reconstruct"), [type, new PyTuple(0), "b"], new Map(), state);
  const made = (module: string, name: string, args: PyValue[] = [], state?: PyValue) =>
    new PyCall(new PyGlobal(module, name), args, new Map(), state);
  const OBJECTS: Readonly<Record<string, PyValue>> = {
    "argparse.Namespace": made("argparse", "Namespace", [], dict({ lr: 0.1 })),
    "pathlib.PosixPath": made("pathlib", "PosixPath", ["runs", "a"]),
    "datetime.datetime": made("datetime", "datetime", ["x"]),
    "omegaconf.dictconfig.DictConfig": made("omegaconf.dictconfig", "DictConfig", [], dict({ _content: dict({}) })),
    "numpy.core.multiarray._reconstruct": numpy("numpy.ndarray", new PyTuple(1, new PyTuple(2), null, false, "xx")),
    "mmengine.logging.history_buffer.HistoryBuffer": made("mmengine.logging.history_buffer", "HistoryBuffer"),
    "my.Colour": made("my", "Colour", [3]),
    "torch.torch_version.TorchVersion": made("torch.torch_version", "TorchVersion", ["2.6"]),
    "builtins.getattr": made("builtins", "getattr", [new PyGlobal("my", "Outer"), "Inner"]),
    "posix.system": made("posix", "system", ["touch /tmp/pwned"]),
  };

  it.each(Object.entries(OBJECTS))("beside the weights are passed over by name: %s", (name, object) => {
    for (const write of [torchZipChunks, torchLegacyChunks]) {
      const read = parse(prefixed("model.", WEIGHTS), {
        wrap: (all) => dict({ hyper_parameters: dict({ it: object }), list: [object], state_dict: all }),
        write,
      });
      expectNetwork(read);
      expect(read.skipped.get(name)).toBe(2);
      expect(inspectCheckpoint(read).skipped.map((one) => one.name)).toContain(name);
      expect(checkpointNotes(read).join()).toContain(`"${name}"`);
    }
  });

  it("may be a dict of a class of its own around the weights", () => {
    const wrap = (all: PyValue) => new PyCall(new PyGlobal("addict", "Dict"), [], dict({ state_dict: all }));
    expectNetwork(parse(WEIGHTS, { wrap }));
  });

  it("in place of a weight are refused by name", () => {
    const wrap = (all: PyValue) => {
      if (!(all instanceof PyCall)) throw new Error("no state dict");
      const entries = new Map(all.entries).set("cls_head.bias", made("torch._utils", "_rebuild_qtensor", [1]));
      return dict({ model: orderedDict(entries) });
    };
    expect(() => parse(WEIGHTS, { wrap })).toThrow(
      /pickle global "torch\._utils\._rebuild_qtensor" at byte \d+ is not allowed/,
    );
  });

  it("that hold all weights are refused by name, whatever tensors stand beside them", () => {
    const wrap = (all: PyValue) =>
      dict({ model: made("networks", "DeepLab", [], dict({ _modules: all })), best: orderedDict(new Map()) });
    expect(() => parse(WEIGHTS, { wrap })).toThrow(/pickle global "networks\.DeepLab" at byte \d+ is not allowed/);
  });

  it("nested deeper than calls can go, or in themselves, are gone through to the end", () => {
    const held = new OpaqueObject(new OpaqueGlobal("a.B", 7), []);
    held.items.push(
      held,
      Array.from({ length: 100_000 }).reduce<PickleValue>((inner) => [inner], null),
    );
    expect(heaviestOpaque([held, [held]], [])).toEqual({ global: held.global, tensors: 0 });
    expect(tensorDicts([held, [held]])).toEqual([]);
  });
});
