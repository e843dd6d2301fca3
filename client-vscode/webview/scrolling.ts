/** Where rows are when there are more of them than an element can be high. */

/** Browsers give up somewhere above 16 million pixels. */
const HIGHEST = 8_000_000;

export interface Scale {
  /** Height of the scrolled element in pixels. */
  readonly height: number;
  /** Pixels of rows for each pixel of scrolling. */
  readonly factor: number;
}

export function scaleOf(rows: number, rowHeight: number, viewport: number): Scale {
  const full = rows * rowHeight;
  if (full <= HIGHEST || viewport >= HIGHEST) {
    return { height: full, factor: 1 };
  }
  return { height: HIGHEST, factor: (full - viewport) / (HIGHEST - viewport) };
}

/** Where to scroll to so that a row is whole in view; null when it is already. */
export function scrollTo(
  row: number,
  rowHeight: number,
  viewport: number,
  scrollTop: number,
  { factor }: Scale,
): number | null {
  const first = scrollTop * factor;
  const top = row * rowHeight;
  if (top < first) {
    return top / factor;
  }
  if (top + rowHeight > first + viewport) {
    return (top + rowHeight - viewport) / factor;
  }
  return null;
}
