// What torch's pickles describe: storages by key, and tensors as shaped, strided windows into them.
import { PickleObject } from "../pickle/pickle-values.ts";
import type { TensorDType } from "../state-dict.ts";

/** A class of storages; `dtype` is null for the untyped one, whose elements are bytes. */
export class StorageType extends PickleObject {
  readonly name: string;
  readonly dtype: TensorDType | null;

  constructor(name: string, dtype: TensorDType | null) {
    super();
    this.name = name;
    this.dtype = dtype;
  }
}

/** A dtype as a value, `torch.float32`. */
export class TorchDType extends PickleObject {
  readonly dtype: TensorDType;

  constructor(dtype: TensorDType) {
    super();
    this.dtype = dtype;
  }
}

/** A run of raw bytes kept outside of the pickle. Its device ("cuda:0") is of no interest. */
export class StorageRef extends PickleObject {
  readonly key: string;
  readonly dtype: TensorDType | null;
  readonly sizeBytes: number;

  constructor(key: string, dtype: TensorDType | null, sizeBytes: number) {
    super();
    this.key = key;
    this.dtype = dtype;
    this.sizeBytes = sizeBytes;
  }
}

/** A tensor before its bytes are looked at: offset and strides count elements; everything fits the storage. */
export class TensorRef extends PickleObject {
  readonly dtype: TensorDType;
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(
    dtype: TensorDType,
    storage: StorageRef,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
  ) {
    super();
    this.dtype = dtype;
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}
