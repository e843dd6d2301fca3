/** Amounts of memory and times, as the views write them. */

const UNITS = ["B", "kB", "MB", "GB"];

/** In units of 1000, as the server's messages have them: `10.0 kB`. */
export function bytes(amount: number): string {
  let value = Math.abs(amount);
  let unit = 0;
  while (value >= 999.95 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const sign = amount < 0 ? "-" : "";
  return `${sign}${unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ""}`;
}

/** Growth with its sign: `+25 B`. */
export function growth(amount: number): string {
  return amount < 0 ? bytes(amount) : `+${bytes(amount)}`;
}
