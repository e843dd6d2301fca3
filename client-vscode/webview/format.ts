/** Amounts as people read them. */

const GROUPED = new Intl.NumberFormat("en-US");
const UNITS = ["B", "kB", "MB", "GB", "TB"] as const;

/** All digits: `25,104,320`. */
export function whole(amount: number): string {
  return GROUPED.format(amount);
}

/** A change: `+1,234`, `−5`, `0`. */
export function signed(amount: number): string {
  return amount === 0 ? "0" : `${amount < 0 ? "−" : "+"}${GROUPED.format(Math.abs(amount))}`;
}

/** Three digits: `25.1 MB`. */
export function bytes(amount: number): string {
  let value = Math.abs(amount);
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${amount < 0 ? "−" : ""}${value.toFixed(digits)} ${UNITS[unit] ?? "B"}`;
}

/** A share of a whole: `12 %`; below one percent `<1 %`. */
export function percent(part: number, of: number): string {
  if (of <= 0 || part === 0) {
    return "0 %";
  }
  const share = (100 * part) / of;
  return share < 1 ? "<1 %" : `${Math.round(share)} %`;
}

/** The last part of a URL or path, with the line as people count. */
export function placeName(url: string | null, scriptId: number, line: number): string {
  const name = url === null ? "" : (url.split(/[?#]/, 1)[0] ?? "").split("/").at(-1);
  const known = url?.startsWith("data:") === true ? "data URL" : name;
  return `${known === undefined || known === "" ? `script ${scriptId}` : known}:${line + 1}`;
}
