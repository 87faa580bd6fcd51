// The typed interface under its path: requests in batches, events as they come.
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { API_PATH } from "../../src-shared/contract/workbench/routes.ts";
import { refuse } from "./refusal.ts";
import { router } from "./router.ts";
import type { Services } from "./services.ts";

/** A batch over 100,000 images, which is 3 MB of ids. */
const MAX_BODY_BYTES = 4 * 2 ** 20;
/** A page asks for a handful at once. */
const MAX_CALLS_AT_ONCE = 50;

/** @param logFailure  hears of errors that are nobody's input */
export function apiRoutes(services: Services, logFailure: (error: unknown) => void): Hono {
  const app = new Hono();
  app.use(
    `${API_PATH}/*`,
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) => refuse(c, 413, `A request has at most ${MAX_BODY_BYTES} bytes; ask for fewer things at once.`),
    }),
  );
  app.on(["GET", "POST"], `${API_PATH}/*`, (c) =>
    fetchRequestHandler({
      endpoint: API_PATH,
      req: c.req.raw,
      router,
      createContext: () => ({ services }),
      allowMethodOverride: true,
      maxBatchSize: MAX_CALLS_AT_ONCE,
      onError: ({ error }) => {
        if (error.code === "INTERNAL_SERVER_ERROR") logFailure(error.cause ?? error);
      },
    }),
  );
  return app;
}
