/** The heap explorer's page. */

import type { ToPage } from "../src/explorer/messages";
import { App } from "./app";
import { Connection } from "./connection";
import "./explorer.css";

const vscode = acquireVsCodeApi();
const connection = new Connection((message) => {
  vscode.postMessage(message);
});
const app = new App(connection);

window.addEventListener("message", (event: MessageEvent<ToPage>) => {
  const message = event.data;
  if (message.type === "show") {
    // A window that is opened again shows the same.
    vscode.setState(message.subject);
    void app.show(message.subject);
  } else {
    connection.take(message);
  }
});
connection.tell({ type: "ready" });
