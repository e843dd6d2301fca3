/** Amounts of memory and times, as the views write them. */

const UNITS = ["kB", "MB", "GB", "TB"];

/** In units of 1000, as the server's messages have them: `25 B`, `10.0 kB`, `104 kB`. */
export function bytes(amount: number): string {
  const sign = amount < 0 ? "-" : "";
  let value = Math.abs(amount);
  if (Math.round(value) < 1000) {
    const whole = Math.round(value);
    return `${whole === 0 ? "" : sign}${whole} B`;
  }
  let unit = -1;
  // The rounded figure decides, so that nothing reads "1000 kB".
  while (Math.round(value) >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${sign}${value.toFixed(Number(value.toFixed(1)) < 100 ? 1 : 0)} ${UNITS[unit] ?? ""}`;
}

/** Growth with its sign, as the server's messages have it: `+25 B`, `+0.3 B`. */
export function growth(amount: number): string {
  const small = Number(Math.abs(amount).toFixed(1));
  if (small < 10) return `${small === 0 ? "" : amount < 0 ? "-" : "+"}${small} B`;
  return amount < 0 ? bytes(amount) : `+${bytes(amount)}`;
}
