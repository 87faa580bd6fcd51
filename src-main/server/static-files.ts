// The window's page and its scripts, as the build left them.
import { existsSync, readdirSync } from "node:fs";
import { extname, join, sep } from "node:path";
import { Hono } from "hono";
import { compress } from "hono/compress";
import { refuse } from "./refusal.ts";
import { CACHE, sendContent } from "./send-content.ts";

const INDEX = "index.html";
/** Names below it contain a hash of the content. */
const HASHED_FOLDER = "/assets/";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/vnd.microsoft.icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/**
 * Serves just the files that are in the folder now, by their exact paths: a path that leads out of it is none of them.
 *
 * @param folder  dist/renderer
 */
export function staticFiles(folder: string): Hono {
  const files = filesIn(folder);
  const app = new Hono();
  app.get("/", (c) => {
    const path = files.get(`/${INDEX}`);
    if (path === undefined) return refuse(c, 404, `"${folder}" has no page; run \`npm run build\`.`);
    return sendContent(c, { kind: "file", path, type: typeOf(path) }, CACHE.revalidated);
  });
  // Worth it behind a tunnel; on the same machine it costs a few milliseconds once.
  app.use(`${HASHED_FOLDER}*`, compress());
  app.get("*", (c, next) => {
    const path = files.get(c.req.path);
    if (path === undefined) return next();
    const cache = c.req.path.startsWith(HASHED_FOLDER) ? CACHE.immutable : CACHE.revalidated;
    return sendContent(c, { kind: "file", path, type: typeOf(path) }, cache);
  });
  return app;
}

function typeOf(path: string): string {
  return TYPES[extname(path)] ?? "application/octet-stream";
}

/** Path in an address → path on disk. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length).replaceAll(sep, "/"), path];
    }),
  );
}
