// Services that answer nothing but what a test gives them: whatever else is called fails the test.

import { EventHub } from "../../src-main/server/event-hub.ts";
import type { Services } from "../../src-main/server/services.ts";

type Fakes = { readonly [K in keyof Services]?: Partial<Services[K]> };

export function fakeServices(fakes: Fakes = {}): Services {
  const fake = <K extends keyof Services>(noun: K): Services[K] =>
    new Proxy((fakes[noun] ?? {}) as Services[K], {
      get(methods, name) {
        if (name in methods) return Reflect.get(methods, name);
        return () => Promise.reject(new Error(`services.${noun}.${String(name)} was not expected to be called`));
      },
    });
  return {
    datasets: fake("datasets"),
    checkpoints: fake("checkpoints"),
    embeddings: fake("embeddings"),
    runs: fake("runs"),
    evaluations: fake("evaluations"),
    trainings: fake("trainings"),
    queue: fake("queue"),
    tunings: fake("tunings"),
    exports: fake("exports"),
    system: fake("system"),
    events: fakes.events === undefined ? new EventHub() : fake("events"),
  };
}
