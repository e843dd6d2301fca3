/** Squarified treemaps (Bruls, Huizing, van Wijk 2000): rectangles by size, as square as can be. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Placed<Item> extends Box {
  readonly item: Item;
}

/**
 * Lays items out in a part of a box.
 *
 * @param items Largest first.
 * @param whole What the whole box stands for; what is left of it stays free, at the end.
 */
export function squarify<Item extends { readonly size: number }>(
  items: readonly Item[],
  whole: number,
  box: Box,
): Placed<Item>[] {
  const placed: Placed<Item>[] = [];
  if (whole <= 0 || box.width <= 0 || box.height <= 0) {
    return placed;
  }
  const scale = (box.width * box.height) / whole;
  let left = box;
  let row: { item: Item; area: number }[] = [];
  for (const item of items) {
    const area = item.size * scale;
    if (area <= 0) {
      continue;
    }
    const side = Math.min(left.width, left.height);
    const longer = [...row, { item, area }];
    if (row.length > 0 && worst(longer, side) > worst(row, side)) {
      left = lay(row, left, placed);
      row = [{ item, area }];
    } else {
      row = longer;
    }
  }
  if (row.length > 0) {
    lay(row, left, placed);
  }
  return placed;
}

/** The most elongated rectangle of a row along a side. */
function worst(row: readonly { readonly area: number }[], side: number): number {
  const areas = row.map(({ area }) => area);
  const sum = areas.reduce((total, area) => total + area, 0);
  const square = side * side;
  return Math.max(
    (square * Math.max(...areas)) / (sum * sum),
    (sum * sum) / (square * Math.min(...areas)),
  );
}

/** Puts a row along the shorter side; gives what is left of the box. */
function lay<Item>(
  row: readonly { readonly item: Item; readonly area: number }[],
  box: Box,
  placed: Placed<Item>[],
): Box {
  const sum = row.reduce((total, { area }) => total + area, 0);
  const upright = box.width >= box.height;
  const side = upright ? box.height : box.width;
  const depth = side > 0 ? sum / side : 0;
  let along = 0;
  for (const { item, area } of row) {
    const length = depth > 0 ? area / depth : 0;
    placed.push(
      upright
        ? { item, x: box.x, y: box.y + along, width: depth, height: length }
        : { item, x: box.x + along, y: box.y, width: length, height: depth },
    );
    along += length;
  }
  return upright
    ? { x: box.x + depth, y: box.y, width: Math.max(0, box.width - depth), height: box.height }
    : { x: box.x, y: box.y + depth, width: box.width, height: Math.max(0, box.height - depth) };
}
