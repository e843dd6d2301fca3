// The example Worker that the walkthrough copies: what a machine needs to run it here.
import { symlink, writeFile } from "node:fs/promises";
import path from "node:path";

/** Puts wrangler where Node finds it from all folders below, as `npm install` would. */
export async function provideWrangler(repository, parent) {
  await symlink(path.join(repository, "examples", "node_modules"), path.join(parent, "node_modules"));
}

/**
 * Gives the Worker ports of its own: the usual ones may be taken on this machine. Leakline is told
 * nothing; it finds them.
 */
export async function choosePorts(folder, { port, inspectorPort }) {
  const config = {
    name: "leakline-example",
    main: "src/index.js",
    compatibility_date: "2026-11-01",
    send_metrics: false,
    dev: { ip: "127.0.0.1", port: Number(port), inspector_port: Number(inspectorPort) },
  };
  await writeFile(path.join(folder, "wrangler.jsonc"), JSON.stringify(config, null, 2));
}

/** Whether something answers at a port. */
export async function isUp(port) {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );
}
