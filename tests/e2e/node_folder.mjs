// The example Node server in a folder with an interpreter of its own.
import { chmod, cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/**
 * @param {{python: string, port: string}} options `python` has Leakline's server in it.
 * @returns The folder, and the file that appears when its interpreter is run.
 */
export async function makeNodeFolder(repository, parent, { python, port }) {
  const folder = path.join(parent, "node-server");
  const mark = path.join(parent, "the-folders-python-ran");
  await mkdir(path.join(folder, ".vscode"), { recursive: true });
  await cp(
    path.join(repository, "examples", "node-server", "server.js"),
    path.join(folder, "server.js"),
  );
  const manifest = { type: "module", scripts: { start: "node server.js" } };
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest));
  const launch = {
    version: "0.2.0",
    configurations: [
      {
        type: "node",
        request: "launch",
        name: "Server",
        program: "${workspaceFolder}/server.js",
        runtimeExecutable: process.execPath,
        env: { PORT: port },
        // It would show where Node lies on this machine, in pictures for everybody.
        internalConsoleOptions: "neverOpen",
      },
    ],
  };
  await writeFile(path.join(folder, ".vscode", "launch.json"), JSON.stringify(launch));
  const interpreter = path.join(folder, ".venv", "bin", "python");
  await mkdir(path.dirname(interpreter), { recursive: true });
  await writeFile(interpreter, `#!/bin/sh\ntouch '${mark}'\nexec '${python}' "$@"\n`);
  await chmod(interpreter, 0o755);
  return { folder, mark };
}
