import { createReadStream, createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** Copies a snapshot, decompressed where it is compressed. It may hold secrets: mode 0600. */
export async function copyPlain(from: string, to: string): Promise<void> {
  const unpack = from.endsWith(".gz") ? [createGunzip()] : [];
  await pipeline([createReadStream(from), ...unpack, createWriteStream(to, { mode: 0o600 })]);
}
