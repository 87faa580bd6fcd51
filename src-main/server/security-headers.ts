// Headers of every answer: what the page may load and do, and who may embed what the server sends.
import type { MiddlewareHandler } from "hono";

/**
 * The page's own files and nothing else. Styles that scripts set property by property need no permission; the components'
 * themes, which are written as style elements by default, go by style sheets that scripts construct.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** What no page of ours uses. Copying to the clipboard and full screen are not among it. */
const NO_PERMISSIONS = ["camera", "microphone", "geolocation", "usb", "serial", "hid", "payment", "display-capture"]
  .map((name) => `${name}=()`)
  .join(", ");

/** Sets them on every answer, refusals included. */
export function securityHeaders(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    const { headers } = c.res;
    headers.set("Content-Security-Policy", POLICY);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Permissions-Policy", NO_PERMISSIONS);
  };
}
