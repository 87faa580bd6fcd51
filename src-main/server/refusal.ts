// How a request is refused: one sentence, in the form that whoever asked can read.
import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { API_PATH } from "../../src-shared/contract/workbench/routes.ts";

/** JSON-RPC's "invalid request", which the typed interface's client expects beside every message. */
const INVALID_REQUEST = -32600;

/** As an error of the typed interface below its path, as a page where a person looks, otherwise as plain text. */
export function refuse(c: Context, status: ContentfulStatusCode, sentence: string): Response {
  c.header("Cache-Control", "no-store");
  if (c.req.path === API_PATH || c.req.path.startsWith(`${API_PATH}/`)) {
    const data = { httpStatus: status, appCode: null };
    return c.json({ error: { code: INVALID_REQUEST, message: sentence, data } }, status);
  }
  if (c.req.header("accept")?.includes("text/html") === true) return c.html(page(sentence), status);
  return c.text(`${sentence}\n`, status);
}

/** Needs no style and no script: it is shown to those who may not have any file of ours. */
function page(sentence: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Acclimate</title>
<h1>Acclimate</h1>
<p>${escapeHtml(sentence)}</p>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
