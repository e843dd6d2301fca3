/** A bar between two areas, one above the other, that mouse and arrow keys move. */

import { element } from "./dom";

const STEP = 5;
const [LEAST, MOST] = [15, 85];

/** @param target Gets `--upper`, the share of the upper area in percent. */
export function splitter(target: HTMLElement, label: string, share: number): HTMLElement {
  let upper = share;
  const bar = element("div", {
    role: "separator",
    class: "splitter",
    tabindex: 0,
    "aria-orientation": "horizontal",
    "aria-label": label,
    "aria-valuemin": LEAST,
    "aria-valuemax": MOST,
  });
  const move = (to: number) => {
    upper = Math.min(MOST, Math.max(LEAST, to));
    bar.setAttribute("aria-valuenow", String(Math.round(upper)));
    target.style.setProperty("--upper", `${upper}%`);
  };
  bar.addEventListener("keydown", (event) => {
    const by = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      move(upper + by);
    }
  });
  bar.addEventListener("pointerdown", (event) => {
    bar.setPointerCapture(event.pointerId);
  });
  bar.addEventListener("pointermove", (event) => {
    if (bar.hasPointerCapture(event.pointerId)) {
      const box = target.getBoundingClientRect();
      move((100 * (event.clientY - box.top)) / box.height);
    }
  });
  move(share);
  return bar;
}
