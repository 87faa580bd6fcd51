// Writes pickles (protocol 2) from values that say what they are; enough for what torch.save puts into a file.

/** A name to be looked up, `module.name`. */
export class PyGlobal {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

export class PyTuple {
  readonly items: readonly PyValue[];

  constructor(...items: PyValue[]) {
    this.items = items;
  }
}

/** A call of `callee` with `args`; entries are then set in the result, and `state` is given to it. */
export class PyCall {
  readonly callee: PyGlobal;
  readonly args: readonly PyValue[];
  readonly entries: ReadonlyMap<PyValue, PyValue>;
  readonly state: PyValue | undefined;

  constructor(
    callee: PyGlobal,
    args: readonly PyValue[],
    entries: ReadonlyMap<PyValue, PyValue> = new Map(),
    state?: PyValue,
  ) {
    this.callee = callee;
    this.args = args;
    this.entries = entries;
    this.state = state;
  }
}

/** Something kept outside of the pickle. */
export class PyPersistent {
  readonly id: PyValue;

  constructor(id: PyValue) {
    this.id = id;
  }
}

/** Integers that fit 32 bits and booleans are written as such, other numbers as floats; arrays are lists. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PyValue[]
  | ReadonlyMap<PyValue, PyValue>
  | PyGlobal
  | PyTuple
  | PyCall
  | PyPersistent;

export function pickleBytes(value: PyValue): Uint8Array {
  const chunks: Uint8Array[] = [Uint8Array.of(0x80, 2)];
  put(value, chunks);
  chunks.push(Buffer.from("."));
  return new Uint8Array(Buffer.concat(chunks));
}

/** An OrderedDict, as a state dict is one. */
export function orderedDict(entries: ReadonlyMap<PyValue, PyValue>): PyCall {
  return new PyCall(new PyGlobal("collections", "OrderedDict"), [], entries);
}

function put(value: PyValue, out: Uint8Array[]): void {
  if (value === null) out.push(Buffer.from("N"));
  else if (typeof value === "boolean") out.push(Uint8Array.of(value ? 0x88 : 0x89));
  else if (typeof value === "number") out.push(numberBytes(value));
  else if (typeof value === "bigint") out.push(longBytes(value));
  else if (typeof value === "string") putText(value, out);
  else if (value instanceof PyGlobal) out.push(Buffer.from(`c${value.module}\n${value.name}\n`));
  else if (value instanceof PyTuple) putMarked(value.items, "t", out);
  else if (value instanceof PyCall) putCall(value, out);
  else if (value instanceof PyPersistent) {
    put(value.id, out);
    out.push(Buffer.from("Q"));
  } else if (isMap(value)) {
    out.push(Buffer.from("}"));
    putMarked([...value].flat(), "u", out);
  } else {
    out.push(Buffer.from("]"));
    putMarked(value, "e", out);
  }
}

function putMarked(items: readonly PyValue[], opcode: string, out: Uint8Array[]): void {
  out.push(Buffer.from("("));
  for (const item of items) put(item, out);
  out.push(Buffer.from(opcode));
}

function putCall({ callee, args, entries, state }: PyCall, out: Uint8Array[]): void {
  put(callee, out);
  put(new PyTuple(...args), out);
  out.push(Buffer.from("R"));
  if (entries.size > 0) putMarked([...entries].flat(), "u", out);
  if (state === undefined) return;
  put(state, out);
  out.push(Buffer.from("b"));
}

function putText(text: string, out: Uint8Array[]): void {
  const bytes = Buffer.from(text);
  const head = Buffer.alloc(5);
  head.write("X", "latin1");
  head.writeUInt32LE(bytes.length, 1);
  out.push(head, bytes);
}

function numberBytes(value: number): Uint8Array {
  const isInt32 = (value | 0) === value && !Object.is(value, -0);
  const bytes = Buffer.alloc(isInt32 ? 5 : 9);
  bytes.write(isInt32 ? "J" : "G", "latin1");
  if (isInt32) bytes.writeInt32LE(value, 1);
  else bytes.writeDoubleBE(value, 1);
  return bytes;
}

function longBytes(value: bigint): Uint8Array {
  const length = Math.ceil((value.toString(2).length + 1) / 8);
  const digits = Array.from({ length }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
  return Uint8Array.of(0x8a, length, ...digits);
}

function isMap(value: object): value is ReadonlyMap<PyValue, PyValue> {
  return value instanceof Map;
}
