// The real language server, as the page's host asks it.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const extension = path.resolve(import.meta.dirname, "../../../client-vscode");
const { createMessageConnection, StreamMessageReader, StreamMessageWriter, CancellationTokenSource } =
  createRequire(path.join(extension, "package.json"))("vscode-jsonrpc/node");

export class LanguageServer {
  #progress = new Map();
  #tokens = 0;

  /** @param {string[]} command @param {string} workspace */
  constructor(command, workspace, log) {
    this.process = spawn(command[0], command.slice(1), {
      cwd: workspace,
      stdio: ["pipe", "pipe", log],
      detached: true,
    });
    this.workspace = workspace;
    this.connection = createMessageConnection(
      new StreamMessageReader(this.process.stdout),
      new StreamMessageWriter(this.process.stdin),
    );
    this.connection.onRequest((_method, params) =>
      Array.isArray(params?.items) ? params.items.map(() => null) : null,
    );
    this.connection.onNotification("$/progress", ({ token, value }) => {
      this.#progress.get(token)?.(value);
    });
    this.connection.onUnhandledNotification(() => undefined);
    this.connection.listen();
  }

  async start() {
    const uri = pathToFileURL(this.workspace).href;
    await this.connection.sendRequest("initialize", {
      processId: process.pid,
      capabilities: { workspace: { configuration: true, workspaceFolders: true } },
      workspaceFolders: [{ uri, name: "workspace" }],
      rootUri: uri,
    });
    await this.connection.sendNotification("initialized", {});
  }

  /** As the extension asks: with progress and cancel. */
  ask(view, params, onProgress) {
    const source = new CancellationTokenSource();
    this.#tokens += 1;
    const workDoneToken = `page-${this.#tokens}`;
    this.#progress.set(workDoneToken, (value) => {
      if (value.kind === "report") {
        onProgress(value.message, value.percentage);
      }
    });
    return {
      cancel: () => source.cancel(),
      answer: this.connection.sendRequest(
        `leakline/heap/${view}`,
        { ...params, workDoneToken },
        source.token,
      ),
    };
  }

  async stop() {
    try {
      await this.connection.sendRequest("shutdown");
      await this.connection.sendNotification("exit");
    } finally {
      this.connection.dispose();
      if (this.process.exitCode === null) {
        await new Promise((resolve) => {
          const timer = setTimeout(() => this.process.kill("SIGKILL"), 20_000);
          this.process.once("exit", () => {
            clearTimeout(timer);
            resolve();
          });
        });
      }
    }
  }
}
