// The server's typed interface as the window calls it; the cookie of the page is what lets it in.
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import type { AppRouter } from "../../src-main/server/router.ts";
import { API_PATH } from "../../src-shared/contract/workbench/routes.ts";

export const api = createTRPCClient<AppRouter>({
  links: [
    splitLink({
      condition: ({ type }) => type === "subscription",
      true: httpSubscriptionLink({ url: API_PATH }),
      // One request a call: in a batch the quick answers would wait for the slowest. POST for all: queries carry whole
      // forms, which would not fit in an address.
      false: httpLink({ url: API_PATH, methodOverride: "POST" }),
    }),
  ],
});
