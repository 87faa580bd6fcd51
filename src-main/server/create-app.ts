// The whole server as one app of requests and answers: guards first, then the typed interface, pixels, the page.
import { Hono } from "hono";
import { z } from "zod";
import { AppError, CancelledError, type ErrorCode } from "../../src-shared/contract/errors.ts";
import { onlyFromHere, onlyWithToken } from "./access.ts";
import { apiRoutes } from "./api-routes.ts";
import { contentRoutes } from "./content-routes.ts";
import { inputSentence } from "./input-sentence.ts";
import { reconnection } from "./reconnection.ts";
import { refuse } from "./refusal.ts";
import { securityHeaders } from "./security-headers.ts";
import type { Services } from "./services.ts";
import { staticFiles } from "./static-files.ts";

export interface AppOptions {
  readonly services: Services;
  readonly token: string;
  /** Of the launch before on this workspace and port: its pages may come back. Null: there was none. */
  readonly lastProofKey?: string | null;
  /** dist/renderer */
  readonly pageFolder: string;
  /** Hears of bugs, once each. */
  readonly logFailure: (error: unknown) => void;
}

const NOT_THERE: readonly ErrorCode[] = ["input.missing", "workspace.unknown"];
const READING_METHODS: readonly string[] = ["GET", "HEAD"];

export function createApp({ services, token, lastProofKey = null, pageFolder, logFailure }: AppOptions): Hono {
  const app = new Hono();
  app.use(securityHeaders());
  app.use(onlyFromHere());
  // For whoever waits for the server to be there; it tells nothing else.
  app.get("/health", (c) => c.text("ok\n"));
  app.route("/", reconnection({ token, lastProofKey }));
  app.use(onlyWithToken(token));
  app.route("/", apiRoutes(services, logFailure));
  app.route("/", contentRoutes(services));
  app.route("/", staticFiles(pageFolder));
  app.notFound((c) => {
    const { method, path } = c.req;
    if (READING_METHODS.includes(method)) return refuse(c, 404, `There is no "${path}" here.`);
    c.header("Allow", "GET, HEAD");
    return refuse(c, 405, `"${path}" cannot be asked for with ${method}.`);
  });
  app.onError((error, c) => {
    if (error instanceof z.ZodError) return refuse(c, 400, `The address makes no sense: ${inputSentence(error)}.`);
    if (error instanceof AppError) return refuse(c, NOT_THERE.includes(error.code) ? 404 : 422, error.message);
    if (error instanceof CancelledError) return refuse(c, 503, "This was given up before it was finished; ask again.");
    logFailure(error);
    return refuse(
      c,
      500,
      "Something went wrong that should not have: please report it, with what the program printed.",
    );
  });
  return app;
}
