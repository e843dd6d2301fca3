// The example Worker, copied to a folder of its own and run by a real `wrangler dev`.
import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";

import { ProcessGroup } from "./process_group.mjs";

/** Copies the examples, without what earlier runs left in them. Returns the seed Worker's folder. */
export async function copyExamples(repository, into) {
  const examples = path.join(repository, "examples");
  const left = new Set(["node_modules", ".wrangler", ".leakline", ".vscode"]);
  await cp(examples, into, {
    recursive: true,
    filter: (source) => !left.has(path.basename(source)),
  });
  await symlink(path.join(examples, "node_modules"), path.join(into, "node_modules"));
  return path.join(into, "seed-worker");
}

/** Tells Leakline, as a user would, where this folder's Worker answers. */
export async function writeFolderSettings(folder, { port, inspectorPort }) {
  await mkdir(path.join(folder, ".vscode"));
  const settings = {
    "leakline.url": `http://127.0.0.1:${port}/{i}`,
    "leakline.inspect": `127.0.0.1:${inspectorPort}`,
  };
  await writeFile(path.join(folder, ".vscode", "settings.json"), JSON.stringify(settings, null, 2));
}

/** Starts `wrangler dev`; resolves when it answers. */
export async function startWrangler(folder, { port, inspectorPort, env, log }) {
  const wrangler = new ProcessGroup(
    "wrangler dev",
    [
      ...["npx", "--no-install", "wrangler", "dev", "--ip", "127.0.0.1"],
      ...["--port", String(port), "--inspector-port", String(inspectorPort)],
    ],
    { cwd: folder, env: { ...env, CI: "1", WRANGLER_SEND_METRICS: "false" }, log },
  );
  try {
    await wrangler.until(() => wrangler.output.includes("Ready on"), 60_000);
  } catch (error) {
    await wrangler.stop();
    throw error;
  }
  return wrangler;
}
