// Undo, redo, and the class toggles that use them.
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  DEFAULT_DISPLAY,
  showAllClasses,
  soloClass,
  soloed,
  toggleClass,
  toggled,
  useDisplay,
} from "../../../../src-renderer/state/display.ts";
import { CHANGE_LIMIT, EMPTY_STACK, perform, pushed, useHistory } from "../../../../src-renderer/state/history.ts";

beforeEach(() => {
  useHistory.setState(EMPTY_STACK);
  useDisplay.setState(DEFAULT_DISPLAY);
});

describe("undo and redo", () => {
  it("lead back to the same state after any sequence of changes", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("toggle" as const), trainId: fc.integer({ min: 0, max: 18 }) }),
      fc.record({ kind: fc.constant("solo" as const), trainId: fc.integer({ min: 0, max: 18 }) }),
      fc.record({ kind: fc.constant("all" as const), trainId: fc.constant(0) }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 50 }), (steps) => {
        useHistory.setState(EMPTY_STACK);
        useDisplay.setState(DEFAULT_DISPLAY);
        for (const { kind, trainId } of steps) {
          if (kind === "toggle") toggleClass(trainId, "x");
          else if (kind === "solo") soloClass(trainId, "x", 19);
          else showAllClasses();
        }
        const after = useDisplay.getState().hiddenClasses;
        for (const _ of steps) useHistory.getState().undo();
        expect(useDisplay.getState().hiddenClasses).toEqual(DEFAULT_DISPLAY.hiddenClasses);
        for (const _ of steps) useHistory.getState().redo();
        expect(useDisplay.getState().hiddenClasses).toEqual(after);
      }),
    );
  });

  it("forget what was undone when something new is done", () => {
    let value = 0;
    const setTo = (after: number) => {
      const before = value;
      perform({
        label: `set to ${after}`,
        redo: () => {
          value = after;
        },
        undo: () => {
          value = before;
        },
      });
    };
    setTo(1);
    useHistory.getState().undo();
    setTo(2);
    useHistory.getState().redo();
    expect(value).toBe(2);
    expect(useHistory.getState().undone).toEqual([]);
  });

  it("do nothing at the ends", () => {
    useHistory.getState().undo();
    useHistory.getState().redo();
    expect(useHistory.getState()).toMatchObject(EMPTY_STACK);
  });

  it("keep a bounded number of changes", () => {
    const change = { label: "", undo: () => {}, redo: () => {} };
    let stack = EMPTY_STACK;
    for (let count = 0; count < CHANGE_LIMIT + 10; count++) stack = pushed(stack, change);
    expect(stack.done).toHaveLength(CHANGE_LIMIT);
  });
});

describe("hidden classes", () => {
  it("are shown again by a second toggle", () => {
    expect(toggled(toggled(new Set([3]), 5), 5)).toEqual(new Set([3]));
  });

  it("are all but one when it stands alone, and none when it already did", () => {
    expect(soloed(new Set(), 1, 3)).toEqual(new Set([0, 2]));
    expect(soloed(new Set([0, 2]), 1, 3)).toEqual(new Set());
  });
});
