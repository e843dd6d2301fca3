/** Says what a measurement is of, where the user has not, and has the server carry it out. */

import {
  ConfigurationTarget,
  Uri,
  window,
  workspace,
  type LogOutputChannel,
  type WorkspaceFolder,
} from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { SERVER_COMMANDS, targetsRequest } from "../protocol";
import { runServerCommand, tellFailure } from "../serverCommand";
import { candidates, homeOf, likelyUrl, urlAt } from "./choice";
import type { DebuggedProgram, DebugSessions } from "./debugSessions";
import { askPageActions } from "./pageActions";
import { labelOf, pickProgram, type Program } from "./picking";
import { whatIsSaid } from "./said";
import { startCommand } from "./start";
import { portOf, searchedPortsOf, targetsOf, type Target } from "./target";
import { startInTerminal } from "./terminal";

const MEASURES: readonly string[] = [SERVER_COMMANDS.measure, SERVER_COMMANDS.verify];
const TAKES_A_TARGET: readonly string[] = [...MEASURES, SERVER_COMMANDS.capture];

/** What goes to the server; what is not in it is left to the settings. */
interface Where {
  /** The folder of the program, where it is not the one that was asked from. */
  readonly uri?: string;
  readonly inspect?: string;
  readonly url?: string;
  readonly click?: string;
  readonly observe?: string;
}

/** What can be measured, and where the server has looked for it. */
interface Listed {
  readonly programs: readonly Program[];
  readonly searchedPorts: readonly number[];
}

/** The settings name an inspector that does not answer: the server says so better. */
const AS_SAID = "as said";

export class Measurements {
  #lastClick = "";

  constructor(
    private readonly sessions: DebugSessions,
    private readonly output: LogOutputChannel,
  ) {}

  /**
   * Has the server carry out a command. One that measures gets its target.
   *
   * @param args As the server's code actions give them: first an object, with `uri` at least.
   */
  async run(client: LanguageClient, command: string, args: readonly unknown[]): Promise<unknown> {
    if (!TAKES_A_TARGET.includes(command)) {
      return runServerCommand(client, command, args);
    }
    const [first, ...others] = args;
    const asked = typeof first === "object" && first !== null ? first : {};
    const folder = await folderOf(asked);
    if (folder === null) {
      return undefined;
    }
    let where: Where | null;
    try {
      where = await this.#where(client, asked, folder, MEASURES.includes(command));
    } catch (error) {
      tellFailure(client, command, error);
      return undefined;
    }
    if (where === null) {
      return undefined;
    }
    const place = folder === undefined ? {} : { uri: folder.uri.toString() };
    return runServerCommand(client, command, [{ ...place, ...asked, ...where }, ...others]);
  }

  /** The programs that can be measured, the debugged ones among them that answer nowhere else. */
  async list(client: LanguageClient): Promise<Listed> {
    const answer = await client.sendRequest(targetsRequest, {});
    const targets = targetsOf(answer);
    return {
      programs: [...targets, ...this.#unlisted(targets)],
      searchedPorts: searchedPortsOf(answer),
    };
  }

  async #where(
    client: LanguageClient,
    asked: object,
    askedFrom: WorkspaceFolder | undefined,
    takesRequests: boolean,
  ): Promise<Where | null> {
    const found = await this.#find(client, asked, askedFrom);
    if (found === null) {
      return null;
    }
    if (found === AS_SAID) {
      return {};
    }
    const inspector = await this.#inspector(found);
    if (inspector === null) {
      return null;
    }
    const folder = folderOfProgram(found, askedFrom);
    const uri = folder === undefined || folder === askedFrom ? {} : { uri: folder.uri.toString() };
    const where = { ...uri, inspect: inspector };
    if (!takesRequests) {
      return where;
    }
    if (found.kind === "page") {
      // A finding knows what it was found by.
      if ("click" in asked || (await whatIsSaid(folder)).click) {
        return where;
      }
      const actions = await askPageActions(this.#lastClick);
      if (actions !== null && "click" in actions) {
        this.#lastClick = actions.click;
      }
      return actions === null ? null : { ...where, ...actions };
    }
    if ((await whatIsSaid(folder)).traffic || "url" in asked) {
      return where;
    }
    const url = await this.#url(found, folder);
    if (url === null) {
      return null;
    }
    this.output.info(`Measuring ${labelOf(found)} at ${inspector}; requests go to ${url}`);
    return { ...where, url };
  }

  async #find(
    client: LanguageClient,
    asked: { inspect?: unknown; debugged?: unknown },
    folder: WorkspaceFolder | undefined,
  ): Promise<Program | typeof AS_SAID | null> {
    const programs = this.sessions.programs;
    const debugged = programs.find(({ id }) => id === asked.debugged);
    if (debugged !== undefined) {
      return debugged;
    }
    const targets = await this.#targets(client);
    const { inspect, inspectInFile } = await whatIsSaid(folder);
    const named = asked.inspect ?? inspect;
    if (named !== null) {
      const target = targets.find((each) => each.inspector === named || each.address === named);
      return target ?? AS_SAID;
    }
    if (inspectInFile) {
      return AS_SAID;
    }
    const { here, others } = candidates(targets, folder?.uri.fsPath ?? null);
    const likely = [...here, ...this.#unlisted(targets)];
    const [only, ...more] = likely;
    if (only !== undefined && more.length === 0) {
      return only;
    }
    // A folder that is not trusted chooses no program to start.
    const start =
      only === undefined && folder !== undefined && workspace.isTrusted
        ? await startCommand(folder.uri.fsPath)
        : null;
    const picked = await pickProgram([...likely, ...others], start);
    return picked === "start" && folder !== undefined && start !== null
      ? startInTerminal(folder, start, () => this.#targets(client))
      : picked === "start"
        ? null
        : picked;
  }

  /** What takes the place of `leakline.inspect`; null when the debug session has just ended. */
  async #inspector(found: Program): Promise<string | null> {
    if (!("inspector" in found)) {
      return this.sessions.share(found);
    }
    const debugged = found.taken
      ? this.sessions.programs.find(({ port }) => port === portOf(found))
      : undefined;
    const shared = debugged === undefined ? null : await this.sessions.share(debugged);
    return shared ?? found.inspector;
  }

  async #url(found: Program, folder: WorkspaceFolder | undefined): Promise<string | null> {
    const likely = "inspector" in found ? likelyUrl(found) : null;
    if (likely !== null) {
      return likely;
    }
    const ports = "inspector" in found ? found.otherPorts : [];
    const url = await window.showInputBox({
      title: "Where do the requests go?",
      prompt: "The address that your program answers. {i} is the number of the request.",
      value: urlAt(ports[0] ?? (found.kind === "wrangler" ? 8787 : 3000)),
      ignoreFocusOut: true,
      validateInput: (text) => (/^https?:\/\/[^\s/]+\S*$/.test(text) ? null : "Give an http:// address."),
    });
    if (url !== undefined && folder !== undefined) {
      // Asked once: it is the same the next time.
      await workspace
        .getConfiguration("leakline", folder.uri)
        .update("url", url, ConfigurationTarget.WorkspaceFolder);
    }
    return url ?? null;
  }

  /** Debugged programs whose inspectors are at no port where anybody looks. */
  #unlisted(targets: readonly Target[]): DebuggedProgram[] {
    const ports = new Set(targets.map(portOf));
    return this.sessions.programs.filter(({ port }) => port === null || !ports.has(port));
  }

  async #targets(client: LanguageClient): Promise<Target[]> {
    return targetsOf(await client.sendRequest(targetsRequest, {}));
  }
}

/**
 * The folder that a command is about; undefined where none is open, null when the user is asked
 * for one of several and names none.
 */
async function folderOf(asked: {
  uri?: unknown;
  inspect?: unknown;
  debugged?: unknown;
}): Promise<WorkspaceFolder | undefined | null> {
  const folder =
    typeof asked.uri === "string" ? workspace.getWorkspaceFolder(Uri.parse(asked.uri)) : undefined;
  const [first, ...others] = workspace.workspaceFolders ?? [];
  // A program that was named knows its folder.
  if (folder !== undefined || others.length === 0 || "inspect" in asked || "debugged" in asked) {
    return folder ?? first;
  }
  return (await window.showWorkspaceFolderPick({ placeHolder: "The program of which folder?" })) ?? null;
}

function folderOfProgram(
  program: Program,
  asked: WorkspaceFolder | undefined,
): WorkspaceFolder | undefined {
  const folders = workspace.workspaceFolders ?? [];
  if (asked === undefined || !("inspector" in program)) {
    return asked;
  }
  const paths = folders.map(({ uri }) => uri.fsPath);
  return folders[homeOf(program, paths, asked.index)] ?? asked;
}
