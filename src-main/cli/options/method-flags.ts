// Which flags of `train` belong to which method.
import { AppError } from "../../../src-shared/contract/errors.ts";
import { TRAINING_SCHEMAS, type TrainingMethodName } from "../../../src-shared/contract/training/training-config.ts";
import { flagOf } from "./flag-values.ts";

/**
 * @param values  of the flags that were given, by parameter
 * @throws AppError `input.option` for a parameter of other methods: it would change nothing
 */
export function requireMethodFlags(values: Readonly<Record<string, unknown>>, method: TrainingMethodName): void {
  const own = TRAINING_SCHEMAS[method].shape;
  const all = new Set(Object.values(TRAINING_SCHEMAS).flatMap(({ shape }) => Object.keys(shape)));
  const stranger = Object.keys(values).find((name) => values[name] !== undefined && all.has(name) && !(name in own));
  if (stranger === undefined) return;
  throw new AppError("input.option", `${flagOf(stranger)}: the method ${method} has no such parameter; leave it out.`);
}
