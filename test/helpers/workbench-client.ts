// Speaks to a running workbench from a test, as its page does, but with the key in a header.
import { createTRPCClient, httpBatchLink, type TRPCClient } from "@trpc/client";
import type { AppRouter } from "../../src-main/server/router.ts";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import { API_PATH } from "../../src-shared/contract/workbench/routes.ts";

export interface Address {
  readonly origin: string;
  readonly token: string;
}

export interface WorkbenchClient {
  readonly api: TRPCClient<AppRouter>;
  /** GET with the key. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Events from now on, or from after the last id, until the predicate says that it was the one. */
  eventsUntil(isLast: (event: WorkbenchEvent) => boolean, lastId?: number): Promise<ToldEvent[]>;
}

export interface ToldEvent {
  readonly id: number;
  readonly event: WorkbenchEvent | { readonly type: "missed" };
}

export function workbenchClient({ origin, token }: Address): WorkbenchClient {
  const key = { authorization: `Bearer ${token}` };
  const url = `${origin}${API_PATH}`;
  return {
    api: createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, methodOverride: "POST", headers: key })] }),
    get: (path, headers = {}) => fetch(`${origin}${path}`, { headers: { ...key, ...headers } }),
    async eventsUntil(isLast, lastId) {
      const input = lastId === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify({ lastEventId: lastId }))}`;
      const response = await fetch(`${url}/events${input}`, { headers: { ...key, accept: "text/event-stream" } });
      if (response.body === null) throw new Error("no events");
      const told: ToldEvent[] = [];
      let text = "";
      for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
        text += piece;
        const messages = text.split("\n\n");
        text = messages.pop() ?? "";
        for (const message of messages.flatMap(parsed)) {
          told.push(message);
          if (message.event.type !== "missed" && isLast(message.event)) return told;
        }
      }
      throw new Error(`the events ended after ${told.length}`);
    },
  };
}

/** Pings and greetings have no id. */
function parsed(message: string): ToldEvent[] {
  const id = /^id: ?(.+)$/m.exec(message)?.[1];
  const data = /^data: ?(.+)$/m.exec(message)?.[1];
  return id === undefined || data === undefined ? [] : [{ id: Number(id), event: JSON.parse(data) }];
}
