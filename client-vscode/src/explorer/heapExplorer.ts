/** The heap explorer: an editor for snapshot files, and panels for recordings. */

import {
  commands,
  Disposable,
  Uri,
  ViewColumn,
  window,
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type WebviewPanel,
} from "vscode";

import type { Session } from "../session";
import { closeHeaps } from "./asking";
import { chooseHeap, chooseSnapshot } from "./choosing";
import { registerComparing } from "./comparing";
import type { Subject } from "./messages";
import { fillPanel, type PanelHost } from "./panel";
import { keptSubject, oneSubject, pairSubject, pathOf, titleOf } from "./subject";

export const EDITOR = "leakline.heapSnapshot";
const PANEL = "leakline.heapExplorer";
const OPTIONS = { retainContextWhenHidden: true, enableFindWidget: false };

export class HeapExplorer implements CustomReadonlyEditorProvider, Disposable {
  readonly #disposable: Disposable;
  #open = 0;

  constructor(
    private readonly session: Session,
    private readonly media: Uri,
  ) {
    this.#disposable = Disposable.from(
      window.registerCustomEditorProvider(EDITOR, this, { webviewOptions: OPTIONS }),
      window.registerWebviewPanelSerializer(PANEL, {
        deserializeWebviewPanel: (panel, kept) => {
          const subject = keptSubject(kept);
          if (subject === null) {
            panel.dispose();
          } else {
            this.#fill(panel, subject);
          }
          return Promise.resolve();
        },
      }),
      commands.registerCommand("leakline.openHeapExplorer", (opened?: unknown) =>
        this.#openOne(opened),
      ),
      commands.registerCommand("leakline.compareSnapshots", (older?: unknown, newer?: unknown) =>
        this.#comparePair(older, newer),
      ),
      registerComparing(),
    );
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  resolveCustomEditor(document: CustomDocument, panel: WebviewPanel): void {
    this.#fill(panel, oneSubject(document.uri.fsPath));
  }

  dispose(): void {
    this.#disposable.dispose();
  }

  async #openOne(opened: unknown): Promise<void> {
    const path = pathOf(opened) ?? (await chooseHeap(this.session));
    if (path !== null) {
      await this.#show(oneSubject(path));
    }
  }

  async #comparePair(older: unknown, newer: unknown): Promise<void> {
    const first = pathOf(older) ?? (await chooseSnapshot("The older snapshot"));
    const second = first && (pathOf(newer) ?? (await chooseSnapshot("The newer snapshot")));
    if (first !== null && second !== null) {
      await this.#show(pairSubject(first, second));
    }
  }

  async #show(subject: Subject): Promise<void> {
    const [path] = subject.paths;
    if (path !== undefined && subject.paths.length === 1 && subject.recording === null) {
      await commands.executeCommand("vscode.openWith", Uri.file(path), EDITOR);
      return;
    }
    const panel = window.createWebviewPanel(PANEL, titleOf(subject), ViewColumn.Active, OPTIONS);
    this.#fill(panel, subject);
  }

  #fill(panel: WebviewPanel, subject: Subject): void {
    this.#open += 1;
    const host: PanelHost = {
      session: this.session,
      media: this.media,
      compareWith: async (snapshot) => {
        const other = await chooseSnapshot("Compare with");
        if (other !== null) {
          await this.#show(pairSubject(other, snapshot));
        }
      },
      onClosed: () => {
        this.#open -= 1;
        const client = this.session.runningClient;
        if (this.#open === 0 && client !== null) {
          void closeHeaps(client).catch(() => undefined);
        }
      },
    };
    fillPanel(panel, subject, host);
  }
}
