import { expect, it } from "vitest";

import { RestartBudget } from "../src/restarts";

it("starts a server again three times in three minutes, and later anew", () => {
  const budget = new RestartBudget();
  const minutes = [0, 1, 2, 2.5, 3.1, 3.2];
  expect(minutes.map((minute) => budget.take(minute * 60_000))).toEqual([
    true,
    true,
    true,
    false,
    true,
    false,
  ]);
});
