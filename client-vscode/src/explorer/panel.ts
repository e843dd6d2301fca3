/** One explorer on the screen. */

import { randomBytes } from "node:crypto";

import { Range, Uri, ViewColumn, window, workspace, type WebviewPanel } from "vscode";

import { failureText } from "../failure";
import type { Session } from "../session";
import { asker, NoServer, sourceOf } from "./asking";
import { Bridge } from "./bridge";
import type { FromPage, SourcePlace, Subject, ToPage } from "./messages";
import { pageHtml } from "./page";

export interface PanelHost {
  readonly session: Session;
  /** The folder of the page's script and style. */
  readonly media: Uri;
  /** Compares a snapshot with another that the user chooses. */
  readonly compareWith: (snapshot: string) => Promise<void>;
  readonly onClosed: () => void;
}

/** Fills a panel; shows the heap, too, once a server runs that did not when it was asked for. */
export function fillPanel(panel: WebviewPanel, subject: Subject, host: PanelHost): void {
  const { webview } = panel;
  const post = (message: ToPage) => {
    void webview.postMessage(message);
  };
  let waitsForServer = false;
  const bridge = new Bridge(asker(host.session), post, (error) => {
    waitsForServer ||= error instanceof NoServer;
    return failureText(error);
  });
  const started = host.session.onDidStart(() => {
    if (waitsForServer) {
      waitsForServer = false;
      post({ type: "show", subject });
    }
  });
  webview.options = { enableScripts: true, localResourceRoots: [host.media] };
  webview.onDidReceiveMessage((message: FromPage) => {
    if (bridge.take(message)) {
      return;
    }
    void react(message).catch((error: unknown) => {
      const text = failureText(error);
      if (text !== null) {
        void window.showErrorMessage(`Leakline: ${text}`);
      }
    });
  });
  panel.onDidDispose(() => {
    started.dispose();
    bridge.dispose();
    host.onClosed();
  });
  webview.html = pageHtml({
    nonce: randomBytes(16).toString("base64url"),
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(Uri.joinPath(host.media, "explorer.js")).toString(),
    style: webview.asWebviewUri(Uri.joinPath(host.media, "explorer.css")).toString(),
  });

  async function react(message: FromPage): Promise<void> {
    if (message.type === "ready") {
      post({ type: "show", subject });
    } else if (message.type === "openSource") {
      await reveal(message.place);
    } else if (message.type === "openScript") {
      const client = await host.session.client();
      if (client !== null) {
        await reveal(await sourceOf(client, message.place));
      }
    } else if (message.type === "chooseSnapshot" && subject.paths[0] !== undefined) {
      await host.compareWith(subject.paths[0]);
    }
  }
}

/** Opens a source beside the explorer, where it does not hide it. */
async function reveal({ uri, line, column }: SourcePlace): Promise<void> {
  const document = await workspace.openTextDocument(Uri.parse(uri));
  await window.showTextDocument(document, {
    viewColumn: ViewColumn.Beside,
    selection: new Range(line, column, line, column),
  });
}
