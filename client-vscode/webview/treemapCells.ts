/** The rectangles of a treemap: objects in the objects that keep them alive. */

import type { Branch } from "./rows";
import { squarify, type Box } from "./treemapLayout";

export interface Cell extends Box {
  readonly row: Branch;
  /** 1 for what the shown object keeps alive itself. */
  readonly level: number;
}

interface Tree {
  readonly row: Branch;
  readonly size: number;
  readonly below: Tree[];
}

const HEADING = 18;
const EDGE = 2;
const SMALLEST = 4;
/** A rectangle with less room than this shows nothing inside. */
const ROOMY = { width: 40, height: 34 };

/**
 * Places what the first of some branches keeps alive.
 *
 * @param branches In depth-first order, as the server gives them.
 */
export function cellsOf(branches: readonly Branch[], box: Box, levels: number): Cell[] {
  const tree = treeOf(branches);
  return tree === null ? [] : placed(tree, box, 1, levels);
}

function treeOf(branches: readonly Branch[]): Tree | null {
  const path: Tree[] = [];
  for (const row of branches) {
    const tree: Tree = { row, size: row.retainedSize, below: [] };
    path.length = row.depth;
    path.at(-1)?.below.push(tree);
    path.push(tree);
  }
  return path[0] ?? null;
}

function placed(tree: Tree, box: Box, level: number, levels: number): Cell[] {
  const cells: Cell[] = [];
  for (const { item, ...own } of squarify(tree.below, tree.size, box)) {
    if (own.width < SMALLEST || own.height < SMALLEST) {
      continue;
    }
    cells.push({ row: item.row, level, ...own });
    if (level < levels && own.width >= ROOMY.width && own.height >= ROOMY.height) {
      const inside = {
        x: own.x + EDGE,
        y: own.y + HEADING,
        width: own.width - 2 * EDGE,
        height: own.height - HEADING - EDGE,
      };
      cells.push(...placed(item, inside, level + 1, levels));
    }
  }
  return cells;
}

/** The nearest cell in a direction; null at the edge. */
export function neighbour(cells: readonly Cell[], from: Cell, key: string): Cell | null {
  const horizontal = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowRight" || key === "ArrowDown" ? 1 : -1;
  let best: Cell | null = null;
  let least = Infinity;
  for (const cell of cells) {
    const [dx, dy] = [middle(cell).x - middle(from).x, middle(cell).y - middle(from).y];
    const along = sign * (horizontal ? dx : dy);
    const aside = Math.abs(horizontal ? dy : dx);
    const distance = along + 2 * aside;
    if (cell !== from && along > 0.5 && distance < least) {
      best = cell;
      least = distance;
    }
  }
  return best;
}

function middle({ x, y, width, height }: Box) {
  return { x: x + width / 2, y: y + height / 2 };
}
