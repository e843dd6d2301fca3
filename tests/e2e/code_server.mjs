// A real VS Code (code-server) with a profile of its own, in which the packed extension is installed.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { ProcessGroup } from "./process_group.mjs";

// What would move, talk or ask by itself.
const QUIET = {
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.tips.enabled": false,
  "workbench.editor.useModal": "off",
  "security.workspace.trust.startupPrompt": "never",
  "security.workspace.trust.banner": "never",
  "telemetry.telemetryLevel": "off",
  "extensions.autoUpdate": "off",
  "extensions.ignoreRecommendations": true,
  "update.mode": "none",
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "remote.autoForwardPorts": false,
  "files.autoSave": "off",
  "editor.cursorBlinking": "solid",
  "workbench.reduceMotion": "on",
};

// What makes a picture easy to read.
const LOOKS = {
  "editor.fontFamily": "'DejaVu Sans Mono', monospace",
  "editor.fontSize": 14,
  "editor.minimap.enabled": false,
  "editor.scrollBeyondLastLine": false,
  "window.commandCenter": false,
  "workbench.layoutControl.enabled": false,
  // A prompt says who uses this machine, and where.
  "terminal.integrated.profiles.linux": {
    plain: { path: "bash", args: ["--norc"], env: { PS1: "$ " } },
  },
  "terminal.integrated.defaultProfile.linux": "plain",
  "terminal.integrated.stickyScroll.enabled": false,
  "files.exclude": { "**/.vscode": true, "**/.wrangler": true, "**/.leakline": true },
};

export class CodeServer {
  /** @param trust Whether folders must be trusted before their programs are run. */
  constructor({ runtimes, profile, port, trust = false, env }) {
    this.port = port;
    this.trust = trust;
    this.profile = profile;
    // VSCODE_CLI: take PATH as it is, as when started by `code`, instead of asking a login shell.
    this.env = { ...env, EXTENSIONS_GALLERY: "{}", VSCODE_CLI: "1" };
    this.userData = path.join(profile, "data");
    this.command = [
      process.execPath,
      path.join(runtimes, "node_modules/code-server/out/node/entry.js"),
      ...["--config", path.join(profile, "config.yaml")],
      ...["--user-data-dir", this.userData],
      ...["--extensions-dir", path.join(profile, "extensions")],
    ];
  }

  /** Makes the profile and installs the extension into it. */
  async install(vsix) {
    const trust = { "security.workspace.trust.enabled": this.trust };
    await this.#writeSettings("User", { ...QUIET, ...LOOKS, ...trust });
    await this.configureMachine({});
    await writeFile(path.join(this.profile, "config.yaml"), "auth: none\n");
    const [program, ...args] = this.command;
    await promisify(execFile)(program, [...args, "--install-extension", vsix], { env: this.env });
  }

  /** Writes the settings that belong to the machine; a running window takes them up. */
  async configureMachine(settings) {
    await this.#writeSettings("Machine", settings);
  }

  async start(log) {
    this.group = new ProcessGroup(
      "code-server",
      [
        ...this.command,
        ...["--bind-addr", `127.0.0.1:${this.port}`, "--auth", "none"],
        ...["--disable-telemetry", "--disable-update-check"],
        ...(this.trust ? [] : ["--disable-workspace-trust"]),
        ...["--disable-proxy", "--reconnection-grace-time", "10"],
      ],
      { env: this.env, log },
    );
    await this.group.until(() => this.#healthy(), 120_000);
  }

  /** The address at which a folder opens, or a window without one. */
  address(folder) {
    const query = folder === null ? "ew=true" : `folder=${encodeURIComponent(folder)}`;
    return `http://127.0.0.1:${this.port}/?${query}`;
  }

  async stop() {
    await this.group?.stop();
  }

  async #writeSettings(kind, settings) {
    const folder = path.join(this.userData, kind);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, "settings.json"), JSON.stringify(settings, null, 2));
  }

  async #healthy() {
    try {
      return (await fetch(`http://127.0.0.1:${this.port}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}
