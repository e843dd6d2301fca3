/** Slices of a ring, as SVG paths. */

export interface Slice<Item> {
  readonly item: Item;
  readonly path: string;
}

/**
 * @param radius Of the outside; the middle of the ring is at (0, 0).
 * @param hole Radius of the hole.
 */
export function slices<Item extends { readonly size: number }>(
  items: readonly Item[],
  radius: number,
  hole: number,
): Slice<Item>[] {
  const shown = items.filter(({ size }) => size > 0);
  const total = shown.reduce((sum, { size }) => sum + size, 0);
  let before = 0;
  return shown.map((item) => {
    const from = before / total;
    before += item.size;
    // A whole ring would begin where it ends: leave a hair open.
    const to = Math.min(before / total, from + 0.99999);
    return { item, path: arc(from, to, radius, hole) };
  });
}

/** From and to are shares of the circle, clockwise from the top. */
function arc(from: number, to: number, radius: number, hole: number): string {
  const large = to - from > 0.5 ? 1 : 0;
  return [
    `M ${at(from, radius)}`,
    `A ${radius} ${radius} 0 ${large} 1 ${at(to, radius)}`,
    `L ${at(to, hole)}`,
    `A ${hole} ${hole} 0 ${large} 0 ${at(from, hole)}`,
    "Z",
  ].join(" ");
}

function at(share: number, radius: number): string {
  const angle = 2 * Math.PI * share;
  return `${(radius * Math.sin(angle)).toFixed(3)} ${(-radius * Math.cos(angle)).toFixed(3)}`;
}
