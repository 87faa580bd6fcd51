// Walks through a protobuf file before it is decoded, so that decoding costs memory and time in proportion to an honest file.
import { damaged, hostile } from "../checkpoint-error.ts";

/** Graphs in attributes of nodes of graphs: each level of a network takes four messages. */
const DEEPEST = 48;
/** A file of 2,000 nodes has some 30,000 messages. */
const MOST_FIELDS = 5_000_000;

/** Fields of ONNX that hold messages, by the message that they are in. Source: onnx.proto3. */
const MESSAGES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  model: { 7: "graph", 8: "leaf", 14: "leaf" },
  graph: { 1: "node", 5: "tensor", 11: "value", 12: "value", 13: "value" },
  node: { 5: "attribute" },
  attribute: { 5: "tensor", 6: "graph", 10: "tensor", 11: "graph" },
  tensor: { 13: "leaf" },
  value: { 2: "type" },
  type: { 1: "tensorType" },
  tensorType: { 2: "shape" },
  shape: { 1: "leaf" },
  leaf: {},
};

/** Fields of numbers packed one byte and more each, which decoding makes objects of. */
const PACKED_FIELDS: Readonly<Record<string, readonly number[]>> = { tensor: [1, 5, 7, 11], attribute: [8] };
const MOST_PACKED_BYTES = 64 * 2 ** 20;

/**
 * @throws AppError `checkpoint.damaged` where a field runs past its message, `checkpoint.hostile` for a file that is deeper or has
 *         more fields than any network
 */
export function boundedMessages(bytes: Uint8Array, fileName: string): void {
  let fields = 0;
  let packed = 0;
  const walk = (from: number, to: number, kind: string, depth: number): void => {
    if (depth > DEEPEST) throw hostile(fileName, `a network in networks, ${DEEPEST} messages deep,`);
    let at = from;
    const varint = (): number => {
      let value = 0;
      for (let shift = 0; shift < 70; shift += 7) {
        const byte = at < to ? bytes[at] : undefined;
        if (byte === undefined) throw damaged(fileName, `a number runs past byte ${to}`);
        at += 1;
        value += (byte & 0x7f) * 2 ** shift;
        if (byte < 0x80) return value;
      }
      throw damaged(fileName, `a number at byte ${at} does not end`);
    };
    while (at < to) {
      fields += 1;
      if (fields > MOST_FIELDS) throw hostile(fileName, `more than ${MOST_FIELDS} fields`);
      const tag = varint();
      const [field, wire] = [Math.floor(tag / 8), tag % 8];
      if (wire === 0) varint();
      else if (wire === 1) at += 8;
      else if (wire === 5) at += 4;
      else if (wire === 2) {
        const length = varint();
        if (length > to - at) throw damaged(fileName, `a field at byte ${at} runs past its end`);
        if (PACKED_FIELDS[kind]?.includes(field)) packed += length;
        if (packed > MOST_PACKED_BYTES)
          throw hostile(fileName, `more than ${MOST_PACKED_BYTES} bytes of numbers outside raw data`);
        const inner = MESSAGES[kind]?.[field];
        if (inner !== undefined) walk(at, at + length, inner, depth + 1);
        at += length;
      } else throw damaged(fileName, `byte ${at} begins no field`);
      if (at > to) throw damaged(fileName, `a field runs past byte ${to}`);
    }
  };
  walk(0, bytes.length, "model", 0);
}
