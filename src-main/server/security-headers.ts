// Headers of every answer: what the page may load and do, and who may embed what the server sends.
import { randomBytes } from "node:crypto";
import type { MiddlewareHandler } from "hono";

/** A page that is served with it may have `<style nonce="…">`: the components' themes are written so. */
export type WithStyleNonce = { Variables: { styleNonce: string } };

const NONCE_BYTES = 16;

const POLICY_BUT_STYLES = [
  "default-src 'none'",
  "script-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
];

/** What no page of ours uses. Copying to the clipboard and full screen are not among it. */
const NO_PERMISSIONS = ["camera", "microphone", "geolocation", "usb", "serial", "hid", "payment", "display-capture"]
  .map((name) => `${name}=()`)
  .join(", ");

/**
 * Sets them on every answer. Styles come from files, or carry the nonce of this answer (`c.var.styleNonce`); those that
 * scripts set property by property need no permission.
 */
export function securityHeaders(): MiddlewareHandler<WithStyleNonce> {
  return async (c, next) => {
    const nonce = randomBytes(NONCE_BYTES).toString("base64");
    c.set("styleNonce", nonce);
    await next();
    const { headers } = c.res;
    headers.set("Content-Security-Policy", [...POLICY_BUT_STYLES, `style-src 'self' 'nonce-${nonce}'`].join("; "));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", NO_PERMISSIONS);
  };
}
