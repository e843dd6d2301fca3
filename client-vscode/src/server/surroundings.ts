/** Asks the editor where a `leakline` may be. */

import * as path from "node:path";

import { extensions, workspace, type Event, type Uri } from "vscode";

import type { Surroundings } from "./candidates";
import { parseServerPath } from "./command";
import type { OwnEnvironment } from "./environment";
import { environmentPython, expandPath, findOnPath } from "./executables";
import { pythonsOnPath } from "./python";

/** The part of the Python extension's interface that is used here. */
interface PythonExtension {
  readonly environments: {
    getActiveEnvironmentPath(resource?: Uri): { readonly path: string };
    resolveEnvironment(environment: {
      readonly path: string;
    }): Promise<{ readonly executable: { readonly uri: Uri | undefined } } | undefined>;
    readonly onDidChangeActiveEnvironmentPath: Event<unknown>;
  };
}

/** @throws Error when `leakline.server.path` has a wrong form. */
export async function surroundings(own: OwnEnvironment): Promise<Surroundings> {
  const folders = (workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
  return {
    configured: parseServerPath(workspace.getConfiguration("leakline").get("server.path")),
    selectedPython: workspace.isTrusted ? await selectedPython() : null,
    defaultPython: defaultPython(folders[0] ?? null),
    folderPythons: folders.map((folder) => environmentPython(path.join(folder, ".venv"))),
    trusted: workspace.isTrusted,
    onPath: await findOnPath("leakline"),
    ownPython: (await own.state()) === "ready" ? own.python : null,
    uvx: await uvx(own),
  };
}

/** Interpreters with which an environment may be made, the user's own choice first. */
export async function pythonsForEnvironment(): Promise<string[]> {
  const chosen = [
    workspace.isTrusted ? await selectedPython() : null,
    defaultPython(workspace.workspaceFolders?.[0]?.uri.fsPath ?? null),
  ];
  return [...chosen.filter((program) => program !== null), ...(await pythonsOnPath())];
}

async function uvx(own: OwnEnvironment): Promise<Surroundings["uvx"]> {
  const program = await findOnPath("uvx");
  return program === null || own.pureWheel === null ? null : { program, wheel: own.pureWheel };
}

/** The Python extension, started if need be; null where it is not installed or does not start. */
export async function pythonExtension(): Promise<PythonExtension | null> {
  const extension = extensions.getExtension<Partial<PythonExtension> | undefined>(
    "ms-python.python",
  );
  if (extension === undefined) {
    return null;
  }
  try {
    const api = extension.isActive ? extension.exports : await extension.activate();
    return api?.environments === undefined ? null : { environments: api.environments };
  } catch {
    // VS Code tells the user which extension did not start; there are other places to look in.
    return null;
  }
}

async function selectedPython(): Promise<string | null> {
  const python = await pythonExtension();
  if (python === null) {
    return null;
  }
  const active = python.environments.getActiveEnvironmentPath(workspace.workspaceFolders?.[0]?.uri);
  const resolved = await python.environments.resolveEnvironment(active);
  return resolved?.executable.uri?.fsPath ?? null;
}

/** The folder's own value counts only where the folder is trusted. */
function defaultPython(folder: string | null): string | null {
  const setting = workspace.getConfiguration("python").inspect<unknown>("defaultInterpreterPath");
  const value = workspace.isTrusted
    ? (setting?.workspaceFolderValue ?? setting?.workspaceValue ?? setting?.globalValue)
    : setting?.globalValue;
  return typeof value === "string" ? expandPath(value, folder) : null;
}
