import { describe, expect, it } from "vitest";

import { slices } from "../../webview/donut";
import { chartPoints } from "../../webview/lineChart";
import type { Branch } from "../../webview/rows";
import { scaleOf, scrollTo } from "../../webview/scrolling";
import { cellsOf, neighbour } from "../../webview/treemapCells";
import { squarify } from "../../webview/treemapLayout";

const BOX = { x: 0, y: 0, width: 600, height: 400 };

describe("a treemap's layout", () => {
  const items = [6, 6, 4, 3, 2, 2, 1].map((size) => ({ size }));

  it("gives areas in proportion, inside of the box and beside each other", () => {
    const placed = squarify(items, 24, BOX);
    for (const { item, x, y, width, height } of placed) {
      expect(width * height).toBeCloseTo((item.size / 24) * 240_000, 3);
      expect(x + width).toBeLessThanOrEqual(600.001);
      expect(y + height).toBeLessThanOrEqual(400.001);
    }
    for (const [at, one] of placed.entries()) {
      for (const other of placed.slice(at + 1)) {
        const apart =
          one.x + one.width <= other.x + 0.001 ||
          other.x + other.width <= one.x + 0.001 ||
          one.y + one.height <= other.y + 0.001 ||
          other.y + other.height <= one.y + 0.001;
        expect(apart).toBe(true);
      }
    }
  });

  it("is that of the paper for its example", () => {
    const [first, second] = squarify(items, 24, BOX);
    expect(first).toMatchObject({ x: 0, y: 0, width: 300, height: 200 });
    expect(second).toMatchObject({ x: 0, y: 200, width: 300, height: 200 });
  });

  it("leaves free what is not of the items", () => {
    const placed = squarify([{ size: 1 }], 4, BOX);
    expect(placed.map(({ width, height }) => width * height)).toEqual([60_000]);
  });

  it("survives sizes of zero and boxes without room", () => {
    expect(squarify([{ size: 0 }], 1, BOX)).toEqual([]);
    expect(squarify(items, 24, { ...BOX, width: 0 })).toEqual([]);
    expect(squarify(items, 0, BOX)).toEqual([]);
  });
});

function branch(id: number, depth: number, retainedSize: number): Branch {
  return {
    id,
    depth,
    retainedSize,
    type: "object",
    className: "A",
    label: "A",
    shallowSize: 0,
    distance: 1,
    location: null,
    children: 1,
  };
}

describe("a treemap's cells", () => {
  const tree = [branch(1, 0, 100), branch(2, 1, 60), branch(3, 2, 30), branch(4, 1, 40)];

  it("shows the levels that are asked for, the inner ones inside", () => {
    const cells = cellsOf(tree, BOX, 2);
    expect(cells.map(({ row, level }) => [row.id, level])).toEqual([
      [2, 1],
      [3, 2],
      [4, 1],
    ]);
    const [outer, inner] = cells;
    expect(inner?.x).toBeGreaterThan(outer?.x ?? 0);
    expect(cellsOf(tree, BOX, 1)).toHaveLength(2);
    expect(cellsOf([], BOX, 2)).toEqual([]);
  });

  it("leads to the nearest neighbour", () => {
    const cells = cellsOf(tree, BOX, 1);
    const [left, right] = cells;
    if (left === undefined || right === undefined) {
      throw new Error("there are two");
    }
    expect(neighbour(cells, left, "ArrowRight")).toBe(right);
    expect(neighbour(cells, right, "ArrowLeft")).toBe(left);
    expect(neighbour(cells, right, "ArrowRight")).toBeNull();
  });
});

describe("a ring", () => {
  it("has a slice for each size that there is", () => {
    const found = slices([{ size: 3 }, { size: 0 }, { size: 1 }], 100, 60);
    expect(found.map(({ item }) => item.size)).toEqual([3, 1]);
    // Three quarters end at nine o'clock.
    expect(found[0]?.path).toContain("100 0 1 1 -100.000 0.000");
  });

  it("is whole where there is but one", () => {
    expect(slices([{ size: 3 }], 100, 60)[0]?.path).toContain("A 100 100 0 1 1");
  });
});

describe("a line chart", () => {
  it("rises from the foot to its highest value", () => {
    expect(chartPoints([0, 50, 100], 200, 60)).toEqual([
      { x: 0, y: 60 },
      { x: 100, y: 30 },
      { x: 200, y: 0 },
    ]);
  });

  it("survives a single value, and nothing but zeros", () => {
    expect(chartPoints([5], 200, 60)).toEqual([{ x: 0, y: 0 }]);
    expect(chartPoints([0, 0], 200, 60).map(({ y }) => y)).toEqual([60, 60]);
  });
});

describe("scrolling", () => {
  it("is one to one in a short table", () => {
    expect(scaleOf(1000, 22, 400)).toEqual({ height: 22_000, factor: 1 });
  });

  it("reaches the last row of millions within what a browser can scroll", () => {
    const scale = scaleOf(3_000_000, 22, 400);
    expect(scale.height).toBeLessThan(10_000_000);
    expect((scale.height - 400) * scale.factor + 400).toBeCloseTo(3_000_000 * 22, 0);
    const top = scrollTo(2_999_999, 22, 400, 0, scale);
    expect(top).toBeCloseTo(scale.height - 400, 3);
  });

  it("stays where it is when the row is in view", () => {
    expect(scrollTo(5, 22, 400, 0, scaleOf(1000, 22, 400))).toBeNull();
    expect(scrollTo(5, 22, 400, 220, scaleOf(1000, 22, 400))).toBe(110);
  });
});
