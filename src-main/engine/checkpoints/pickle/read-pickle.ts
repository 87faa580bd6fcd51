// Reads one pickle as data: numbers, text, containers, objects from a closed list of globals, and placeholders for all
// others. Nothing is imported or executed.
import type { AppError } from "../../../../src-shared/contract/errors.ts";
import { damaged, hostile, quoted } from "../checkpoint-error.ts";
import { ByteCursor } from "./byte-cursor.ts";
import { OPCODE, REFUSED_OPCODES } from "./opcodes.ts";
import {
  type CallContext,
  OpaqueGlobal,
  OpaqueObject,
  PickleFunction,
  type PickleObject,
  PickleTuple,
  type PickleValue,
  StatefulPickleObject,
} from "./pickle-values.ts";
import { readLiteral } from "./read-literal.ts";

export interface PickleSource {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** First byte of the pickle. */
  readonly start: number;
  /** Where the bytes that may belong to it end. */
  readonly end: number;
}

export interface PickleRules {
  /** What of a pickle's names has a meaning here, by "module.name"; all others become placeholders. */
  readonly globals: ReadonlyMap<string, PickleObject>;
  /** What a persistent id (torch: a storage) stands for. */
  readonly persistent: (id: PickleValue, context: CallContext) => PickleValue;
}

// The pickle of the largest network here with its optimizer takes about 1 MB; storages lie outside of it. What mmengine
// notes of a long training, numbers as numpy arrays, is inside, with half as much again for bytes written as text.
const MAX_PICKLE_BYTES = 256 * 2 ** 20;
// The same network makes about 200,000 opcodes; a value takes up to 250 bytes of memory, so these take 0.5 GB at worst.
const MAX_OPCODES = 2_000_000;
// Longest module or class name read; the allowed ones have up to 33 characters.
const MAX_NAME_BYTES = 1024;
const MAX_PROTOCOL = 5;
// Elements that rules may copy in all; the largest network here has 2,145 entries.
const MAX_COPIED_ELEMENTS = 1_000_000;

// A file that names more classes than any configuration has is none; a thousand take some 100 kB.
const MAX_OPAQUE_GLOBALS = 10_000;

export interface ReadPickle {
  readonly value: PickleValue;
  /** Just after the pickle's STOP. */
  readonly end: number;
  /** How many placeholders stand for each class or function off the list; 0 where it is only named. */
  readonly opaque: ReadonlyMap<string, number>;
}

/** @throws AppError `checkpoint.hostile` (a call or opcode that makes no data), `checkpoint.damaged` */
export function readPickle(source: PickleSource, rules: PickleRules): ReadPickle {
  return new PickleReader(source, rules).read();
}

class PickleReader {
  readonly #cursor: ByteCursor;
  readonly #rules: PickleRules;
  readonly #stack: PickleValue[] = [];
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PickleValue>();
  readonly #opaque = new Map<string, number>();
  #opcodeOffset = 0;
  #copiedElements = 0;

  constructor(source: PickleSource, rules: PickleRules) {
    const end = Math.min(source.end, source.start + MAX_PICKLE_BYTES);
    this.#cursor = new ByteCursor(source.fileName, source.bytes, source.start, end);
    this.#rules = rules;
  }

  read(): ReadPickle {
    for (let opcodes = 0; opcodes < MAX_OPCODES; opcodes++) {
      this.#opcodeOffset = this.#cursor.position;
      const opcode = this.#cursor.uint8();
      if (opcode === OPCODE.STOP) return { value: this.#pop(), end: this.#cursor.position, opaque: this.#opaque };
      this.#step(opcode);
    }
    throw this.#damaged(`the pickle has more than the ${MAX_OPCODES} opcodes read here`);
  }

  #step(opcode: number): void {
    const literal = readLiteral(opcode, this.#cursor);
    if (literal !== undefined) this.#push(literal);
    else if (!this.#stepContainer(opcode) && !this.#stepMachine(opcode)) this.#refuse(opcode);
  }

  /** Tuples, lists, sets and dicts; false for any other opcode. */
  #stepContainer(opcode: number): boolean {
    switch (opcode) {
      case OPCODE.EMPTY_TUPLE:
        this.#push(new PickleTuple([]));
        return true;
      case OPCODE.TUPLE1:
        this.#push(new PickleTuple(this.#popMany(1)));
        return true;
      case OPCODE.TUPLE2:
        this.#push(new PickleTuple(this.#popMany(2)));
        return true;
      case OPCODE.TUPLE3:
        this.#push(new PickleTuple(this.#popMany(3)));
        return true;
      case OPCODE.TUPLE:
        this.#push(new PickleTuple(this.#popToMark()));
        return true;
      case OPCODE.EMPTY_LIST:
      case OPCODE.EMPTY_SET:
        this.#push([]);
        return true;
      case OPCODE.LIST:
      case OPCODE.FROZENSET:
        this.#push(this.#popToMark());
        return true;
      case OPCODE.APPEND:
        this.#append(this.#popMany(1));
        return true;
      case OPCODE.APPENDS:
      case OPCODE.ADDITEMS:
        this.#append(this.#popToMark());
        return true;
      case OPCODE.EMPTY_DICT:
        this.#push(new Map());
        return true;
      case OPCODE.DICT:
        this.#dict(this.#popToMark());
        return true;
      case OPCODE.SETITEM:
        this.#setItems(this.#popMany(2));
        return true;
      case OPCODE.SETITEMS:
        this.#setItems(this.#popToMark());
        return true;
      default:
        return false;
    }
  }

  /** The stack, the memo, globals and calls; false for any other opcode. */
  #stepMachine(opcode: number): boolean {
    const cursor = this.#cursor;
    switch (opcode) {
      case OPCODE.PROTO:
        this.#protocol(cursor.uint8());
        return true;
      case OPCODE.FRAME:
        this.#frame(cursor.uint64());
        return true;
      case OPCODE.MARK:
        this.#marks.push(this.#stack.length);
        return true;
      case OPCODE.POP:
        this.#popOrUnmark();
        return true;
      case OPCODE.POP_MARK:
        this.#popToMark();
        return true;
      case OPCODE.DUP:
        this.#push(this.#top());
        return true;
      case OPCODE.BINPUT:
        this.#memoize(cursor.uint8());
        return true;
      case OPCODE.LONG_BINPUT:
        this.#memoize(cursor.uint32());
        return true;
      case OPCODE.MEMOIZE:
        this.#memoize(this.#memo.size);
        return true;
      case OPCODE.BINGET:
        this.#recall(cursor.uint8());
        return true;
      case OPCODE.LONG_BINGET:
        this.#recall(cursor.uint32());
        return true;
      case OPCODE.GLOBAL:
        this.#global(cursor.line(MAX_NAME_BYTES), cursor.line(MAX_NAME_BYTES));
        return true;
      case OPCODE.STACK_GLOBAL:
        this.#stackGlobal();
        return true;
      case OPCODE.REDUCE:
      case OPCODE.NEWOBJ:
        this.#reduce();
        return true;
      case OPCODE.NEWOBJ_EX:
        this.#pop(); // arguments by name, which nothing on the list takes
        this.#reduce();
        return true;
      case OPCODE.INST:
        this.#global(cursor.line(MAX_NAME_BYTES), cursor.line(MAX_NAME_BYTES));
        this.#make(this.#pop(), this.#popToMark());
        return true;
      case OPCODE.OBJ: {
        const [callee, ...args] = this.#popToMark();
        if (callee === undefined) throw this.#damaged("an object of no class");
        this.#make(callee, args);
        return true;
      }
      case OPCODE.BUILD:
        this.#build();
        return true;
      case OPCODE.BINPERSID:
        this.#push(this.#rules.persistent(this.#pop(), this.#context("persistent id")));
        return true;
      default:
        return false;
    }
  }

  #refuse(opcode: number): never {
    const name = REFUSED_OPCODES.get(opcode);
    if (name !== undefined) throw hostile(this.#cursor.fileName, `pickle opcode ${name} at byte ${this.#opcodeOffset}`);
    throw this.#damaged(`0x${opcode.toString(16)} is no pickle opcode that torch.save writes`);
  }

  #protocol(version: number): void {
    if (version > MAX_PROTOCOL) throw this.#damaged(`pickle protocol ${version} does not exist`);
  }

  #frame(length: number): void {
    const left = this.#cursor.end - this.#cursor.position;
    if (length > left) throw this.#damaged(`a pickle frame of ${length} bytes, where ${left} are left,`);
  }

  #append(items: readonly PickleValue[]): void {
    const target = this.#top();
    const list = target instanceof OpaqueObject ? target.items : target;
    if (!Array.isArray(list)) throw this.#damaged("an append to something that is no list");
    // One by one: a spread of a long list would overflow the stack.
    for (const item of items) list.push(item);
  }

  #dict(items: readonly PickleValue[]): void {
    this.#push(new Map());
    this.#setItems(items);
  }

  #setItems(items: readonly PickleValue[]): void {
    const target = this.#top();
    const dict = target instanceof OpaqueObject ? target.entries : target;
    if (!(dict instanceof Map)) throw this.#damaged("an entry for something that is no dict");
    if (items.length % 2 !== 0) throw this.#damaged("a key without a value");
    for (let i = 0; i < items.length; i += 2) dict.set(items[i] ?? null, items[i + 1] ?? null);
  }

  #stackGlobal(): void {
    const [module, name] = this.#popMany(2);
    if (typeof module !== "string" || typeof name !== "string") throw this.#damaged("a global without a name");
    this.#global(module, name);
  }

  #global(module: string, name: string): void {
    const fullName = `${module}.${name}`;
    this.#push(this.#rules.globals.get(fullName) ?? this.#opaqueGlobal(fullName));
  }

  #opaqueGlobal(name: string): OpaqueGlobal {
    if (!this.#opaque.has(name)) this.#opaque.set(name, 0);
    if (this.#opaque.size > MAX_OPAQUE_GLOBALS) {
      throw this.#damaged(`the pickle names more than the ${MAX_OPAQUE_GLOBALS} classes read here`);
    }
    return new OpaqueGlobal(name, this.#opcodeOffset);
  }

  #reduce(): void {
    const args = this.#pop();
    const callee = this.#pop();
    if (args instanceof PickleTuple) this.#make(callee, args.items);
    // Whatever would have made the arguments is off the list, too.
    else if (args instanceof OpaqueObject) this.#push(args);
    else throw this.#damaged("a call without arguments");
  }

  /** By our own rule, where there is one for it; a placeholder otherwise. */
  #make(callee: PickleValue, args: readonly PickleValue[]): void {
    if (callee instanceof PickleFunction) this.#push(callee.call(args, this.#context(callee.name)));
    else if (callee instanceof OpaqueGlobal) this.#pushOpaque(callee, args);
    else if (callee instanceof OpaqueObject) this.#pushOpaque(callee.global, args);
    else
      throw hostile(this.#cursor.fileName, `a call of something that is no function, at byte ${this.#opcodeOffset},`);
  }

  #pushOpaque(global: OpaqueGlobal, args: readonly PickleValue[]): void {
    this.#opaque.set(global.name, (this.#opaque.get(global.name) ?? 0) + 1);
    this.#push(new OpaqueObject(global, args));
  }

  #build(): void {
    const state = this.#pop();
    const target = this.#top();
    // A module's ordered dict carries its layers' versions as an attribute; they say nothing about the tensors.
    if (target instanceof Map) return;
    if (target instanceof OpaqueObject) {
      target.state = state;
      return;
    }
    if (!(target instanceof StatefulPickleObject)) {
      throw hostile(this.#cursor.fileName, `pickle opcode BUILD at byte ${this.#opcodeOffset}`);
    }
    target.applyState(state, this.#context("a state"));
  }

  #context(subject: string): CallContext {
    return {
      damaged: (what) => damaged(this.#cursor.fileName, `${quoted(subject)} at byte ${this.#opcodeOffset} ${what}`),
      charge: (elements) => {
        this.#copiedElements += elements;
        if (this.#copiedElements > MAX_COPIED_ELEMENTS) throw this.#damaged("far more entries than any network has");
      },
    };
  }

  #memoize(index: number): void {
    this.#memo.set(index, this.#top());
  }

  #recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined) throw this.#damaged(`memo ${index} is used before it is set,`);
    this.#push(value);
  }

  #push(value: PickleValue): void {
    this.#stack.push(value);
  }

  #top(): PickleValue {
    const value = this.#stack.at(-1);
    if (value === undefined || this.#stack.length <= this.#floor()) throw this.#damaged("the pickle's stack is empty");
    return value;
  }

  #pop(): PickleValue {
    const value = this.#top();
    this.#stack.pop();
    return value;
  }

  #popMany(count: number): PickleValue[] {
    if (this.#stack.length - count < this.#floor()) throw this.#damaged("the pickle's stack is empty");
    return this.#stack.splice(this.#stack.length - count, count);
  }

  #popToMark(): PickleValue[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw this.#damaged("a mark is missing");
    return this.#stack.splice(mark);
  }

  #popOrUnmark(): void {
    if (this.#stack.length === this.#marks.at(-1)) this.#marks.pop();
    else this.#pop();
  }

  /** Values below the last mark are out of reach. */
  #floor(): number {
    return this.#marks.at(-1) ?? 0;
  }

  #damaged(what: string): AppError {
    return damaged(this.#cursor.fileName, `${what} at byte ${this.#opcodeOffset}`);
  }
}
