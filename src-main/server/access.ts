// Who may talk to the server: pages that it served itself, on this machine, with the key of this launch.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { refuse } from "./refusal.ts";

/** Names that always mean this machine: with any other a foreign page could have been led here by its own name server. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i;
/** What Sec-Fetch-Site says of requests by a page of this server, and of an address typed in. */
const OWN_REQUESTS: readonly (string | undefined)[] = [undefined, "same-origin", "none"];
const TOKEN_BYTES = 32;

/** A key that nobody guesses, new with every launch. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Refuses requests that a foreign page caused, whatever key they carry. */
export function onlyFromHere(): MiddlewareHandler {
  return async (c, next) => {
    const host = c.req.header("host") ?? "";
    if (!LOOPBACK_HOST.test(host)) {
      return refuse(c, 403, `This server answers to 127.0.0.1 and localhost, not to "${host}"; use one of these.`);
    }
    const origin = c.req.header("origin");
    if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
      return refuse(c, 403, "Requests by pages of other origins are refused.");
    }
    if (!OWN_REQUESTS.includes(c.req.header("sec-fetch-site"))) {
      return refuse(c, 403, "Requests by other pages are refused; paste the address into the address bar instead.");
    }
    return next();
  };
}

/**
 * Asks for the key: `GET /?token=KEY` exchanges it for a cookie, everything else needs that cookie or
 * `Authorization: Bearer KEY`.
 */
export function onlyWithToken(token: string): MiddlewareHandler {
  return async (c, next) => {
    const offered = c.req.path === "/" && c.req.method === "GET" ? c.req.query("token") : undefined;
    if (offered !== undefined) return exchange(c, offered, token);
    const carried = carriedToken(c);
    if (carried === undefined) {
      return refuse(c, 401, "The key is missing: open the address that Acclimate printed when it started.");
    }
    if (!isSame(carried, token)) return refuse(c, 403, WRONG_KEY);
    return next();
  };
}

const WRONG_KEY =
  "The key is wrong: it was made for another start of Acclimate; open the address that it printed when it started last.";

/** The key leaves the address bar and the history, and scripts cannot read it. */
function exchange(c: Context, offered: string, token: string): Response {
  if (!isSame(offered, token)) return refuse(c, 403, WRONG_KEY);
  grant(c, token);
  c.header("Cache-Control", "no-store");
  return c.redirect("/", 303);
}

/** The browser has the key from now on. */
export function grant(c: Context, token: string): void {
  setCookie(c, cookieName(c), token, { httpOnly: true, sameSite: "Strict", path: "/" });
}

/** Whether the request has the key of this launch. */
export function carriesToken(c: Context, token: string): boolean {
  const carried = carriedToken(c);
  return carried !== undefined && isSame(carried, token);
}

function carriedToken(c: Context): string | undefined {
  return bearerToken(c) ?? getCookie(c, cookieName(c));
}

/** Browsers keep one set of cookies for all ports of a host, and behind a tunnel the port is not the server's own. */
function cookieName(c: Context): string {
  const [, port = "80"] = LOOPBACK_HOST.exec(c.req.header("host") ?? "") ?? [];
  return `acclimate-${port}`;
}

function bearerToken(c: Context): string | undefined {
  return /^Bearer (.+)$/i.exec(c.req.header("authorization") ?? "")?.[1];
}

/** Takes as long for a nearly right key as for a wrong one. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
