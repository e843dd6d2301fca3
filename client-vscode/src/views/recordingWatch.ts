/**
 * Notices recordings that come and go on disk: the command line makes them too, and a terminal may
 * delete them. VS Code's own watcher is deaf to folders that `files.exclude` hides.
 */

import { readdir, stat } from "node:fs/promises";
import * as path from "node:path";

const FOLDER = path.join(".leakline", "recordings");

export class RecordingWatch {
  #last: string | null = null;

  /** @param onChange Called when there are others than before. */
  constructor(
    private readonly workspaces: () => readonly string[],
    private readonly onChange: () => void,
  ) {}

  async look(): Promise<void> {
    const found = await Promise.all(this.workspaces().map((folder) => recordingsIn(folder)));
    const now = found.flat().join("\n");
    const changed = this.#last !== null && this.#last !== now;
    this.#last = now;
    if (changed) {
      this.onChange();
    }
  }
}

/** The manifests of the recordings in a folder: one that is being made has none yet. */
async function recordingsIn(folder: string): Promise<string[]> {
  const parent = path.join(folder, FOLDER);
  const names = await readdir(parent).catch(() => []);
  const manifests = names.map((name) => path.join(parent, name, "recording.json"));
  const isThere = await Promise.all(
    manifests.map((file) =>
      stat(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return manifests.filter((_file, number) => isThere[number]).toSorted();
}
