// The closed list of globals of a torch checkpoint that have a meaning here. Whatever is not on it stays a name.
import {
  type CallContext,
  PickleFunction,
  type PickleObject,
  PickleTuple,
  type PickleValue,
} from "../pickle/pickle-values.ts";
import type { PickleRules } from "../pickle/read-pickle.ts";
import { TENSOR_DTYPES, type TensorDType } from "../state-dict.ts";
import { bytesFromLatin1, numpyDType, numpyScalar } from "./numpy-scalar.ts";
import {
  rebuildFromType,
  rebuildParameter,
  rebuildTensor,
  rebuildTensorWithDType,
  storageFromPersistentId,
} from "./rebuild-tensor.ts";
import { StorageType, TorchDType } from "./tensor-ref.ts";

const STORAGE_TYPES: readonly (readonly [string, TensorDType | null])[] = [
  ["torch.DoubleStorage", "float64"],
  ["torch.FloatStorage", "float32"],
  ["torch.HalfStorage", "float16"],
  ["torch.BFloat16Storage", "bfloat16"],
  ["torch.LongStorage", "int64"],
  ["torch.IntStorage", "int32"],
  ["torch.ShortStorage", "int16"],
  ["torch.CharStorage", "int8"],
  ["torch.ByteStorage", "uint8"],
  ["torch.BoolStorage", "bool"],
  ["torch.UntypedStorage", null],
  ["torch.storage.UntypedStorage", null],
];

const FUNCTIONS: Readonly<Record<string, PickleFunction["call"]>> = {
  "collections.OrderedDict": orderedDict,
  "collections.defaultdict": () => new Map(),
  "collections.Counter": counter,
  "torch._utils._rebuild_tensor": rebuildTensor,
  "torch._utils._rebuild_tensor_v2": rebuildTensor,
  "torch._utils._rebuild_tensor_v3": rebuildTensorWithDType,
  "torch._utils._rebuild_parameter": rebuildParameter,
  "torch._tensor._rebuild_from_type_v2": rebuildFromType,
  "torch.Size": firstArgument,
  "torch.device": firstArgument,
  "builtins.set": firstArgument,
  "__builtin__.set": firstArgument,
  // Named as the factory of a defaultdict; called by no torch checkpoint.
  "builtins.dict": () => new Map(),
  "__builtin__.dict": () => new Map(),
  "_codecs.encode": bytesFromLatin1,
  "numpy.dtype": numpyDType,
  "numpy.core.multiarray.scalar": numpyScalar,
  "numpy._core.multiarray.scalar": numpyScalar,
};

/** How torch's pickles are read: the closed list, and storages as persistent ids. */
export const TORCH_PICKLE_RULES: PickleRules = {
  globals: new Map<string, PickleObject>([
    ...STORAGE_TYPES.map(([name, dtype]) => [name, new StorageType(name, dtype)] as const),
    ...TENSOR_DTYPES.map((dtype) => [`torch.${dtype}`, new TorchDType(dtype)] as const),
    ...Object.entries(FUNCTIONS).map(([name, call]) => [name, new PickleFunction(name, call)] as const),
  ]),
  persistent: storageFromPersistentId,
};

/** Python 3 fills an empty one afterwards; Python 2 passes a list of [key, value] lists. */
function orderedDict([pairs = []]: readonly PickleValue[], context: CallContext): PickleValue {
  if (!Array.isArray(pairs)) throw context.damaged("is made of something that is no list");
  context.charge(pairs.length);
  return new Map(pairs.map((pair) => keyAndValue(pair, context)));
}

function keyAndValue(pair: PickleValue, context: CallContext): [PickleValue, PickleValue] {
  const items = pair instanceof PickleTuple ? pair.items : pair;
  if (!Array.isArray(items) || items.length !== 2) throw context.damaged("has an entry that is no pair");
  return [items[0] ?? null, items[1] ?? null];
}

function counter([counts = new Map()]: readonly PickleValue[], context: CallContext): PickleValue {
  if (!(counts instanceof Map)) throw context.damaged("counts something that is no dict");
  return counts;
}

function firstArgument([value = null]: readonly PickleValue[]): PickleValue {
  return value;
}
