// Moves a storage's bytes to an aligned offset inside the file's own buffer, so that tensors can be views of it.

const ALIGNMENT = 8; // the widest element

/**
 * Shifts `bytes[start, start + length)` down by up to 7 bytes. The caller owns the buffer and is done with the 7 bytes
 * before `start`: both torch formats put a header of at least 8 bytes there.
 *
 * @returns  the storage at its new place
 */
export function alignInPlace(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const aligned = start - ((bytes.byteOffset + start) % ALIGNMENT);
  if (aligned !== start) bytes.copyWithin(aligned, start, start + length);
  return bytes.subarray(aligned, aligned + length);
}
