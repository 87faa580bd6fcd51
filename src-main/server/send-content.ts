// Sends a file or bytes, or says that the asker has them already.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Context } from "hono";
import { AppError } from "../../src-shared/contract/errors.ts";
import type { Content } from "./services.ts";

/** How long a browser may go without asking again. All are for this browser only: nothing between may keep them. */
export const CACHE = {
  /** What a path names never changes. */
  immutable: "private, max-age=31536000, immutable",
  /** Asked for in numbers while scrolling, and hardly ever different. */
  aWhile: "private, max-age=300",
  /** Kept, but asked for each time whether it is still the same. */
  revalidated: "private, no-cache",
} as const;
export type CachePolicy = (typeof CACHE)[keyof typeof CACHE];

/** @throws AppError `input.missing` when the file is not there any more */
export async function sendContent(c: Context, content: Content, cache: CachePolicy): Promise<Response> {
  c.header("Cache-Control", cache);
  c.header("Content-Type", content.type);
  return content.kind === "bytes" ? sendBytes(c, content.bytes) : sendFile(c, content);
}

function sendBytes(c: Context, bytes: Uint8Array): Response {
  const tag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  if (isKnown(c, tag)) return c.body(null, 304);
  c.header("Content-Length", String(bytes.length));
  return c.body(new Uint8Array(bytes));
}

async function sendFile(c: Context, { path, encoding }: Extract<Content, { kind: "file" }>): Promise<Response> {
  const file = await open(path).catch((cause: unknown) => {
    throw new AppError("input.missing", `"${path}" is not there any more, or may not be read.`, { cause });
  });
  try {
    const { size, mtimeMs } = await file.stat();
    if (isKnown(c, `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`)) {
      await file.close();
      return c.body(null, 304);
    }
    const bytes = file.createReadStream();
    if (encoding === undefined) {
      c.header("Content-Length", String(size));
      return c.body(webStream(bytes));
    }
    c.header("Vary", "Accept-Encoding");
    if (!/\bgzip\b/.test(c.req.header("accept-encoding") ?? "")) {
      // A file that breaks off ends the answer, not the server.
      return c.body(webStream(bytes.on("error", () => undefined).pipe(createGunzip())));
    }
    c.header("Content-Encoding", encoding);
    c.header("Content-Length", String(size));
    return c.body(webStream(bytes));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Sets the tag of what is sent. */
function isKnown(c: Context, tag: string): boolean {
  c.header("ETag", tag);
  const known = c.req.header("if-none-match")?.split(",") ?? [];
  return known.some((entry) => entry.trim().replace(/^W\//, "") === tag);
}

function webStream(stream: Readable): ReadableStream<Uint8Array> {
  return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
}
