/** Asks what makes a page work: it takes no requests. */

import { window, type QuickPickItem } from "vscode";

/** What goes to the server in place of an address. */
export type PageActions = { readonly click: string } | { readonly observe: string };

const WATCHED = "30s";

type Choice = "click" | "reload" | "watch";

/** @param last What was clicked on the last time. */
export async function askPageActions(last: string): Promise<PageActions | null> {
  const items: (QuickPickItem & { readonly choice: Choice })[] = [
    { label: "$(inspect) Click on an element…", description: "in each round, again and again", choice: "click" },
    { label: "$(refresh) Load the page anew", description: "in each round, again and again", choice: "reload" },
    { label: "$(eye) Watch what I do on the page", description: "for 30 seconds in each round", choice: "watch" },
  ];
  const title = "A page takes no requests: what is to happen on it?";
  const picked = await window.showQuickPick(items, { title });
  switch (picked?.choice) {
    case undefined:
      return null;
    case "reload":
      return { click: "" };
    case "watch":
      return { observe: WATCHED };
    case "click": {
      const click = await window.showInputBox({
        title: "What is to be clicked on?",
        prompt: "A CSS selector, such as button.add or #next.",
        value: last,
        ignoreFocusOut: true,
        validateInput: (text) => (text.trim() === "" ? "Give a CSS selector." : null),
      });
      return click === undefined ? null : { click: click.trim() };
    }
  }
}
