// What a pickle turns into: plain JavaScript data, a few objects from a closed list, and placeholders for all others.
import type { AppError } from "../../../../src-shared/contract/errors.ts";

/** Lists and sets are arrays, dicts are Maps, ints beyond 2^53 are bigints, None is null. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | PickleTuple
  | PickleObject;

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** Base of everything the closed list of globals can give. */
export abstract class PickleObject {}

/** An object that accepts the state a BUILD opcode brings. */
export abstract class StatefulPickleObject extends PickleObject {
  abstract applyState(state: PickleValue, context: CallContext): void;
}

/** What a global's rule may ask of the reader that calls it. */
export interface CallContext {
  /** The error for arguments that make no sense; `what` continues the sentence "<global> at byte n". */
  readonly damaged: (what: string) => AppError;
  /** Counts elements copied, so that a small file cannot ask for endless work. */
  readonly charge: (elements: number) => void;
}

/** A global that may be called: our own rule for it, never the original. */
export class PickleFunction extends PickleObject {
  readonly name: string;
  readonly call: (args: readonly PickleValue[], context: CallContext) => PickleValue;

  constructor(name: string, call: (args: readonly PickleValue[], context: CallContext) => PickleValue) {
    super();
    this.name = name;
    this.call = call;
  }
}

/** A class or function off the closed list: its name, and where it stands. It is neither looked up nor called. */
export class OpaqueGlobal extends PickleObject {
  /** "argparse.Namespace", as the file has it. */
  readonly name: string;
  /** Byte of the opcode that names it. */
  readonly offset: number;

  constructor(name: string, offset: number) {
    super();
    this.name = name;
    this.offset = offset;
  }
}

/** Placeholder for what such a class or function would have made: dead data under its name. */
export class OpaqueObject extends PickleObject {
  readonly global: OpaqueGlobal;
  /** What it would have been called with. */
  readonly args: readonly PickleValue[];
  /** Entries set as in a dict: classes derived from dict keep theirs so. */
  readonly entries = new Map<PickleValue, PickleValue>();
  /** Appended as to a list. */
  readonly items: PickleValue[] = [];
  /** Its attributes, as a BUILD opcode brings them. */
  state: PickleValue = null;

  constructor(global: OpaqueGlobal, args: readonly PickleValue[]) {
    super();
    this.global = global;
    this.args = args;
  }
}
