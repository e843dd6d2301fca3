import { describe, expect, it, vi } from "vitest";

import { PAGE_ROWS, TreeModel, type TreeSource } from "../../webview/treeModel";

interface Row {
  readonly name: string;
  readonly below: number;
}

/** A tree of which each row has `below` rows below it, named by their way. */
function source(first: number, below: number) {
  const load = vi.fn((parent: Row | null, offset: number, limit: number) => {
    const total = parent === null ? first : parent.below;
    const rows = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, at) => ({
      name: `${parent === null ? "" : `${parent.name}.`}${offset + at}`,
      below: parent === null ? below : 0,
    }));
    return Promise.resolve({ total, rows });
  });
  return { load, children: (row: Row) => row.below } satisfies TreeSource<Row>;
}

function modelOf(tree: TreeSource<Row>, onFailure: (error: unknown) => void = () => undefined) {
  return new TreeModel<Row>(tree, () => undefined, onFailure);
}

async function nameAt(model: TreeModel<Row>, index: number): Promise<string | undefined> {
  const { branch, place } = model.lineAt(index);
  await model.need(branch, place);
  return branch.get(place)?.name;
}

describe("a tree of which only some rows are known", () => {
  it("asks for the first page only", async () => {
    const tree = source(3_000_000, 5);
    const model = modelOf(tree);
    await model.reset();
    expect(model.count).toBe(3_000_000);
    expect(tree.load.mock.calls).toEqual([[null, 0, PAGE_ROWS]]);
  });

  it("asks for the page of a row far down, once", async () => {
    const tree = source(3_000_000, 5);
    const model = modelOf(tree);
    await model.reset();
    expect(await nameAt(model, 2_999_999)).toBe("2999999");
    expect(await nameAt(model, 2_999_998)).toBe("2999998");
    expect(tree.load).toHaveBeenCalledTimes(2);
  });

  it("counts the rows of open branches and finds each by its index and back", async () => {
    const model = modelOf(source(1000, 250));
    await model.reset();
    await model.open({ branch: model.root, place: 70 });
    await model.open({ branch: model.root, place: 2 });
    expect(model.count).toBe(1500);
    const names: Record<number, string> = {
      2: "2",
      3: "2.0",
      252: "2.249",
      253: "3",
      320: "70",
      321: "70.0",
      570: "70.249",
      571: "71",
      1499: "999",
    };
    for (const [index, name] of Object.entries(names)) {
      expect(await nameAt(model, Number(index))).toBe(name);
      expect(model.indexOf(model.lineAt(Number(index)))).toBe(Number(index));
    }
  });

  it("closes a branch and all below it", async () => {
    const model = modelOf(source(10, 4));
    await model.reset();
    await model.open({ branch: model.root, place: 3 });
    model.close({ branch: model.root, place: 3 });
    expect(model.count).toBe(10);
    expect(await nameAt(model, 4)).toBe("4");
  });

  it("does not open a row with nothing below it", async () => {
    const model = modelOf(source(3, 0));
    await model.reset();
    expect(await model.open({ branch: model.root, place: 0 })).toBeNull();
    expect(model.count).toBe(3);
  });

  it("tells of a failure, and asks again the next time", async () => {
    const tree = source(3, 0);
    tree.load.mockRejectedValueOnce(new Error("the server has gone"));
    const failures: unknown[] = [];
    const model = modelOf(tree, (error) => failures.push(error));
    await model.reset();
    expect(failures).toHaveLength(1);
    expect(model.loaded).toBe(false);
    await model.reset();
    expect(model.count).toBe(3);
  });

  it("forgets answers to what was asked before it was sorted anew", async () => {
    const tree = source(5, 0);
    let late: (page: { total: number; rows: Row[] }) => void = () => undefined;
    tree.load.mockReturnValueOnce(
      new Promise((resolve) => {
        late = resolve;
      }),
    );
    const model = modelOf(tree);
    const first = model.reset();
    await model.reset();
    late({ total: 1, rows: [{ name: "old", below: 0 }] });
    await first;
    expect(model.count).toBe(5);
  });
});
