/** Which of two snapshots was taken first. */

type Pair = readonly [string, string];

/**
 * @param writtenAt When a file was written, in any unit; rejects where it cannot be read, and then
 *   the names decide: those of DevTools and Node have the time in them.
 */
export async function olderFirst(
  [one, other]: Pair,
  writtenAt: (file: string) => Promise<number>,
): Promise<Pair> {
  const [first, second] = await Promise.all([one, other].map((file) => writtenAt(file))).catch(
    () => [0, 0],
  );
  const order =
    (first ?? 0) - (second ?? 0) || one.localeCompare(other, "en", { numeric: true });
  return order <= 0 ? [one, other] : [other, one];
}
