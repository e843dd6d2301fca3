/** Reading what came as JSON: from the server, or from a file. */

/** The fields of an object; none of anything else. */
export function fields(value: unknown): Partial<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? value : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text; empty where it is none. */
export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === "string");
}

export function numberOrNull(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
