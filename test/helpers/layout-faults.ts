// What is wrong with a page's layout: words cut off, and controls that lie outside of the window or under something else.
import type { Page } from "@playwright/test";

/** Sentences, one a fault; none where everything can be read and reached, by scrolling where that is offered. */
export function layoutFaults(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const nameOf = (element: Element): string =>
      `${element.tagName.toLowerCase()} "${element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40)}"`;
    const isVisuallyHidden = (element: Element): boolean => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { clipPath, visibility, opacity } = getComputedStyle(at);
        if (clipPath === "inset(50%)" || visibility === "hidden" || opacity === "0") return true;
      }
      return false;
    };
    /** Whether a part of it lies where its scrolled or clipped surroundings show it. */
    const clipOf = (element: Element): DOMRect => {
      let [left, top, right, bottom] = [0, 0, innerWidth, innerHeight];
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        if (getComputedStyle(at).overflow === "visible") continue;
        const box = at.getBoundingClientRect();
        [left, top] = [Math.max(left, box.left), Math.max(top, box.top)];
        [right, bottom] = [Math.min(right, box.right), Math.min(bottom, box.bottom)];
      }
      return new DOMRect(left, top, right - left, bottom - top);
    };
    const scrolls = (element: Element): boolean => {
      for (let at = element.parentElement; at !== null; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflow)) return true;
      }
      return false;
    };

    for (const element of document.querySelectorAll("body *")) {
      const { overflowX, textOverflow } = getComputedStyle(element);
      const isCut =
        element.scrollWidth > element.clientWidth + 1 && overflowX === "hidden" && textOverflow !== "ellipsis";
      const hasWords = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      const holdsControls = element.getAttribute("role") === "radiogroup" || element.getAttribute("role") === "toolbar";
      if (isCut && (hasWords || holdsControls) && element.clientWidth > 0 && !isVisuallyHidden(element)) {
        faults.push(`cut off: ${nameOf(element)}, ${element.scrollWidth} px in ${element.clientWidth}`);
      }
    }
    for (const control of document.querySelectorAll("button, a, [role=slider], select, input:not([type=radio])")) {
      const box = control.getBoundingClientRect();
      if (box.width < 2 || box.height < 2 || isVisuallyHidden(control)) continue;
      const clip = clipOf(control);
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
      const isInside = x > clip.left && x < clip.right && y > clip.top && y < clip.bottom;
      if (!isInside) {
        if (!scrolls(control)) faults.push(`out of reach: ${nameOf(control)}`);
        continue;
      }
      const hit = document.elementFromPoint(x, y);
      const isReached =
        hit !== null && (control.contains(hit) || hit.contains(control) || hit.closest("label") !== null);
      if (!isReached) faults.push(`covered: ${nameOf(control)} by ${hit === null ? "nothing" : nameOf(hit)}`);
    }
    return faults;
  });
}
