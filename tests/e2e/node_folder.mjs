// The example Node server in a folder with an interpreter of its own.
import { appendFile, chmod, cp, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

/** A cache that never forgets: there is a mend for it. */
const PAGES = `const pages = new Map();

export function page(path) {
  const known = pages.get(path);
  if (known) return known.body;
  const made = { body: path.repeat(8), words: path.split("") };
  pages.set(path, made);
  return made.body;
}
`;

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
  await writeFile(path.join(folder, "pages.js"), PAGES);
  const use = 'import { page } from "./pages.js";\nserver.on("request", ({ url }) => page(url));\n';
  await appendFile(path.join(folder, "server.js"), `\n${use}`);
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
