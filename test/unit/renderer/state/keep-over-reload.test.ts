// A window's forms after a reload: what was kept comes back, what can't be read is forgotten, and windows share nothing.
import { expect, it } from "vitest";
import { z } from "zod";
import { create } from "zustand";
import { keepOverReload } from "../../../../src-renderer/state/keep-over-reload.ts";

interface Form {
  readonly name: string;
  readonly count: number;
  readonly isOpen: boolean;
}

const schema = z.object({ name: z.string(), count: z.int() });

/** Of one window: as many stores as it was loaded. */
function aStorage(): Storage {
  const entries = new Map<string, string>();
  const storage = {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  };
  return storage as Storage; // no more of it is used
}

function loaded(storage: Storage) {
  const store = create<Form>(() => ({ name: "", count: 1, isOpen: false }));
  keepOverReload("form", store, schema, storage);
  return store;
}

it("brings back what is kept, and nothing else", () => {
  const storage = aStorage();
  const before = loaded(storage);
  before.setState({ name: "night", count: 4, isOpen: true });
  const after = loaded(storage);
  expect(after.getState()).toEqual({ name: "night", count: 4, isOpen: false });
  expect(loaded(aStorage()).getState()).toEqual({ name: "", count: 1, isOpen: false });
  // What is undone or changed after the reload is kept as well.
  after.setState({ count: 5 });
  expect(loaded(storage).getState().count).toBe(5);
});

it("keeps the last state that makes sense, and forgets what another version wrote", () => {
  const storage = aStorage();
  const before = loaded(storage);
  before.setState({ count: 2 });
  before.setState({ count: 0.5 });
  expect(loaded(storage).getState().count).toBe(2);
  for (const text of ["{", '{"name":3}', "null"]) {
    storage.setItem("acclimate.form", text);
    expect(loaded(storage).getState()).toEqual({ name: "", count: 1, isOpen: false });
  }
});
