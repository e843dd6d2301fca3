/** The live inspectors, as `leakline targets` lists them. */

export interface Target {
  /** What the setting `leakline.inspect` takes. */
  readonly address: string;
  /** `wrangler`, `node`, `deno`, `page` or `unknown`. */
  readonly kind: string;
  /** Title, URL and runtime. */
  readonly about: string;
}

/** Reads the lines: an address, a kind, and the rest, two or more spaces apart. */
export function parseTargets(output: string): Target[] {
  return output
    .split("\n")
    .map((line) => /^(?<address>\S+:\d+\S*) {2,}(?<kind>\S+)(?: {2,}(?<about>.*))?$/.exec(line))
    .map((match) => match?.groups)
    .filter((groups) => groups !== undefined)
    .map(({ address = "", kind = "", about = "" }) => ({ address, kind, about: about.trim() }));
}

/** Asks the inspector that the settings name, which may be at a port where nobody looks. */
export async function configuredTarget(
  inspect: string,
  get: (url: string) => Promise<unknown>,
): Promise<Target | null> {
  if (!/^[^\s/]+:\d{1,5}$/.test(inspect)) {
    return null; // the address of one target: it can be measured, but not asked
  }
  try {
    const answer = await get(`http://${inspect}/json/list`);
    if (!Array.isArray(answer) || answer.length === 0) {
      return null;
    }
    const titles = answer.map((entry: unknown) =>
      typeof entry === "object" && entry !== null && "title" in entry ? String(entry.title) : "",
    );
    return { address: inspect, kind: "from the settings", about: titles.filter(Boolean).join(", ") };
  } catch {
    return null; // nobody is there
  }
}
