// The dtype names of the safetensors format, and which of ours they are.
import { TENSOR_DTYPES, type TensorDType } from "../state-dict.ts";

export const SAFETENSORS_NAMES: { readonly [D in TensorDType]: string } = {
  float64: "F64",
  float32: "F32",
  float16: "F16",
  bfloat16: "BF16",
  int64: "I64",
  int32: "I32",
  int16: "I16",
  int8: "I8",
  uint8: "U8",
  bool: "BOOL",
};

/** Null for names we do not read (unsigned wide integers, 8-bit floats). */
export function dtypeFromSafetensorsName(name: unknown): TensorDType | null {
  return TENSOR_DTYPES.find((dtype) => SAFETENSORS_NAMES[dtype] === name) ?? null;
}
