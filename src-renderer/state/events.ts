// The line to the server: one subscription for the window, into the query cache; tells when it is down.
import { create } from "zustand";
import type { WorkbenchEvent } from "../../src-shared/contract/workbench/events.ts";
import { api } from "./api.ts";
import { askAnew } from "./ask-anew.ts";
import { applyEvent, staleAfter } from "./event-to-cache.ts";
import { queryClient } from "./query-client.ts";
import { rememberSession, renewSession } from "./session.ts";

export interface Connection {
  /** "lost": was there, or never came, and is tried again by itself. "refused": a new start of it, which does not know us. */
  readonly status: "connecting" | "connected" | "lost" | "refused";
  /** Whether the server has started anew since this page was opened, and nobody has taken note yet. */
  readonly hasRestarted: boolean;
}
export const useConnection = create<Connection>(() => ({ status: "connecting", hasRestarted: false }));

type Listener = (event: WorkbenchEvent) => void;
const listeners = new Set<Listener>();

/** Hears of every event after the cache has taken it in; for what is no state, such as a notification. */
export function onWorkbenchEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Runs of a batch end many a second; lists are fetched at most this often. */
const REFETCH_INTERVAL_MS = 400;
/** An event source that the server refused does not try again by itself: after this time we do. */
const RETRY_MS = 2000;

/** Collects keys and has them fetched anew together. */
function staleKeys(): { add: (keys: readonly (readonly unknown[])[]) => void; stop: () => void } {
  const waiting = new Map<string, readonly unknown[]>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    timer = undefined;
    for (const queryKey of waiting.values()) askAnew(queryClient, { queryKey });
    waiting.clear();
  };
  return {
    add: (keys) => {
      for (const key of keys) waiting.set(JSON.stringify(key), key);
      if (waiting.size > 0) timer ??= setTimeout(flush, REFETCH_INTERVAL_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

/** Subscribes until the returned function is called. */
export function followEvents(): () => void {
  const stale = staleKeys();
  let lastEventId: number | null = null;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let isStopped = false;
  let subscription: { unsubscribe: () => void } | null = null;

  const onData = ({ id, data }: { id: string; data: WorkbenchEvent | { type: "missed" } }) => {
    lastEventId = Number(id);
    if (data.type === "missed") {
      askAnew(queryClient);
      return;
    }
    applyEvent(queryClient, data);
    stale.add(staleAfter(data));
    for (const listener of listeners) listener(data);
  };

  const onUp = () => {
    clearTimeout(retry);
    retry = undefined;
    if (useConnection.getState().status === "connected") return;
    const wasLost = useConnection.getState().status !== "connecting";
    useConnection.setState({ status: "connected" });
    // Without it the page has to be opened anew after a restart of the server, and says so.
    rememberSession().catch(() => undefined);
    // Requests failed in the meantime, and a server that started anew knows nothing of our last event.
    if (wasLost) askAnew(queryClient);
  };

  const onDown = () => {
    if (useConnection.getState().status !== "refused") useConnection.setState({ status: "lost" });
    retry ??= setTimeout(() => void askAgain(), RETRY_MS);
  };

  /** The event source does not say why it was refused. */
  async function askAgain(): Promise<void> {
    const answer = await renewSession();
    if (isStopped) return;
    retry = undefined;
    switch (answer) {
      case "away":
        useConnection.setState({ status: "lost" });
        onDown();
        return;
      case "refused":
        useConnection.setState({ status: "refused" });
        onDown(); // it may be opened in another window: then the cookie is there
        return;
      case "anew":
        lastEventId = null; // it counts from the beginning
        useConnection.setState({ hasRestarted: true });
        connect();
        return;
      case "open":
        connect();
        return;
      default:
        answer satisfies never;
    }
  }

  function connect(): void {
    retry = undefined;
    subscription?.unsubscribe();
    let isCurrent = true;
    const ifCurrent = (act: () => void) => () => {
      if (isCurrent) act();
    };
    const { unsubscribe } = api.events.subscribe(
      { lastEventId },
      {
        onData: (message) => {
          if (!isCurrent) return;
          onUp();
          onData(message);
        },
        onConnectionStateChange: ({ state, error }) => {
          if (!isCurrent) return;
          if (state === "pending") onUp();
          else if (error !== null) onDown();
        },
        onError: ifCurrent(onDown),
        onComplete: ifCurrent(onDown),
      },
    );
    subscription = {
      unsubscribe: () => {
        isCurrent = false;
        unsubscribe();
      },
    };
  }

  connect();
  return () => {
    isStopped = true;
    clearTimeout(retry);
    stale.stop();
    subscription?.unsubscribe();
  };
}
