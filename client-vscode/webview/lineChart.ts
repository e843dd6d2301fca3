/** A small line chart: where its points are. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points of values that rise from the bottom, zero at the foot of the box. */
export function chartPoints(values: readonly number[], width: number, height: number): Point[] {
  const highest = Math.max(1, ...values);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, number) => ({
    x: round(number * step),
    y: round(height - (height * value) / highest),
  }));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
