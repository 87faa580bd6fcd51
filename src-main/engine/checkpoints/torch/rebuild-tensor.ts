// Our rules for the functions torch's pickles call to describe a tensor; they check the window and touch no bytes.
import {
  type CallContext,
  OpaqueGlobal,
  OpaqueObject,
  PickleFunction,
  PickleTuple,
  type PickleValue,
} from "../pickle/pickle-values.ts";
import { elementBytes, elementCount, type TensorDType } from "../state-dict.ts";
import { StorageRef, StorageType, TensorRef, TorchDType } from "./tensor-ref.ts";

// Convolution weights have 4 dimensions; 16 is far beyond any layer, and short of what makes loops slow.
const MAX_RANK = 16;

/**
 * The persistent id `("storage", type, key, device, element count)`; the legacy format adds a view, always None. Of a type
 * that is not on the list (complex and quantized numbers) it is a placeholder, and so is any tensor made of it.
 */
export function storageFromPersistentId(id: PickleValue, context: CallContext): StorageRef | OpaqueObject {
  const [tag, type, key, , elements, view = null] = id instanceof PickleTuple ? id.items : [];
  if (tag === "storage" && type instanceof OpaqueGlobal) return new OpaqueObject(type, []);
  if (tag !== "storage" || !(type instanceof StorageType) || typeof key !== "string" || !isCount(elements)) {
    throw context.damaged("names no storage");
  }
  if (view !== null) throw context.damaged("is a view of a storage, which PyTorch before 0.4 wrote");
  return new StorageRef(key, type.dtype, elements * (type.dtype === null ? 1 : elementBytes(type.dtype)));
}

/** `_rebuild_tensor` and `_rebuild_tensor_v2`(storage, offset, shape, strides, …): the storage has the dtype. */
export function rebuildTensor(args: readonly PickleValue[], context: CallContext): TensorRef | OpaqueObject {
  const [storage] = args;
  if (storage instanceof OpaqueObject) return storage;
  if (!(storage instanceof StorageRef) || storage.dtype === null) throw context.damaged("has no typed storage");
  return tensorRef(storage.dtype, storage, args, context);
}

/** `_rebuild_tensor_v3`(storage, offset, shape, strides, requires grad, hooks, dtype, …): the storage is untyped. */
export function rebuildTensorWithDType(args: readonly PickleValue[], context: CallContext): TensorRef | OpaqueObject {
  const [storage] = args;
  const dtype = args[6];
  if (storage instanceof OpaqueObject) return storage;
  if (dtype instanceof OpaqueGlobal) return new OpaqueObject(dtype, []);
  if (!(storage instanceof StorageRef)) throw context.damaged("has no storage");
  if (!(dtype instanceof TorchDType)) throw context.damaged("has no dtype");
  return tensorRef(dtype.dtype, storage, args, context);
}

/** `_rebuild_parameter`(tensor, requires grad, hooks): a parameter is its tensor. */
export function rebuildParameter([tensor]: readonly PickleValue[], context: CallContext): TensorRef | OpaqueObject {
  if (tensor instanceof OpaqueObject) return tensor;
  if (!(tensor instanceof TensorRef)) throw context.damaged("is a parameter without a tensor");
  return tensor;
}

/** `_rebuild_from_type_v2`(function, type, arguments, state): a tensor with attributes or of a derived class is its tensor. */
export function rebuildFromType([rebuild, , args]: readonly PickleValue[], context: CallContext): PickleValue {
  if (rebuild instanceof OpaqueGlobal) return new OpaqueObject(rebuild, []);
  // One in another would be as deep as the file likes.
  if (!(rebuild instanceof PickleFunction) || rebuild.call === rebuildFromType || !(args instanceof PickleTuple)) {
    throw context.damaged("makes no tensor");
  }
  return rebuild.call(args.items, context);
}

function tensorRef(
  dtype: TensorDType,
  storage: StorageRef,
  [, offset, shape, strides]: readonly PickleValue[],
  context: CallContext,
): TensorRef {
  if (!isCount(offset)) throw context.damaged("has no offset");
  const sizes = counts(shape);
  const steps = counts(strides);
  if (sizes === null || steps === null || sizes.length !== steps.length) {
    throw context.damaged(`has no shape and strides of up to ${MAX_RANK} dimensions`);
  }
  if (elementCount(sizes) > 0) {
    const last = sizes.reduce((index, size, axis) => index + (size - 1) * (steps[axis] ?? 0), offset);
    // Beyond 2^53 the sum is inexact, but not small.
    if (!((last + 1) * elementBytes(dtype) <= storage.sizeBytes)) {
      throw context.damaged(`reaches element ${last} of a storage of ${storage.sizeBytes / elementBytes(dtype)}`);
    }
  }
  return new TensorRef(dtype, storage, offset, sizes, steps);
}

function counts(value: PickleValue | undefined): readonly number[] | null {
  const items = value instanceof PickleTuple ? value.items : [null];
  return items.length <= MAX_RANK && items.every(isCount) ? items : null;
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
