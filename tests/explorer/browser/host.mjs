// Hosts the explorer's real page in a browser, as VS Code does: its frame, its script, its themes.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";

const extension = path.resolve(import.meta.dirname, "../../../client-vscode");
const require = createRequire(path.join(extension, "package.json"));
// The variables that VS Code's own themes gave to a webview, as far as the page's style uses them.
const THEMES = JSON.parse(await readFile(path.join(import.meta.dirname, "themes.json"), "utf8"));
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };
const NONCE = "bm9uY2Ugb2YgdGhlIHRlc3Q";

/** Bundles the page, and the parts of the extension that it talks to. */
async function build(into) {
  const { build: bundle } = require("esbuild");
  const common = { bundle: true, absWorkingDir: extension, logLevel: "warning", outdir: into };
  await bundle({
    ...common,
    entryPoints: { explorer: "webview/main.ts" },
    format: "iife",
    target: "chrome120",
  });
  await bundle({
    ...common,
    entryPoints: { bridge: "src/explorer/bridge.ts", page: "src/explorer/page.ts", subject: "src/explorer/subject.ts" },
    format: "esm",
    platform: "node",
    outExtension: { ".js": ".mjs" },
  });
  const load = (name) => import(pathToFileURL(path.join(into, `${name}.mjs`)).href);
  const [{ Bridge }, { pageHtml }, subject] = await Promise.all(["bridge", "page", "subject"].map(load));
  return { Bridge, pageHtml, subject };
}

export class Host {
  /** What the page has asked to open, as {uri, line, column}. */
  opened = [];
  complaints = [];

  constructor(folder, server) {
    this.folder = folder;
    this.server = server;
  }

  async start() {
    this.parts = await build(this.folder);
    const html = this.parts.pageHtml({
      nonce: NONCE,
      cspSource: "'self'",
      script: "/explorer.js",
      style: "/explorer.css",
    });
    this.http = createServer((request, response) => {
      const name = request.url === "/" ? "page.html" : path.basename(request.url);
      const body = name === "page.html" ? Promise.resolve(html) : readFile(path.join(this.folder, name));
      body.then(
        (content) => {
          response.writeHead(200, { "content-type": TYPES[path.extname(name)] ?? "text/plain" });
          response.end(content);
        },
        () => {
          response.writeHead(404);
          response.end();
        },
      );
    });
    await new Promise((resolve) => {
      this.http.listen(0, "127.0.0.1", resolve);
    });
  }

  /** Opens the explorer in a new page of a browser. */
  async open(context, subject, theme) {
    const page = await context.newPage();
    page.setDefaultTimeout(180_000);
    page.on("console", (message) => {
      if (message.type() === "error") {
        this.complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
    const post = (message) =>
      page
        .evaluate((data) => window.dispatchEvent(new MessageEvent("message", { data })), message)
        .catch((error) => {
          if (!page.isClosed()) {
            throw error;
          }
        });
    const bridge = new this.parts.Bridge(
      (view, params, onProgress) => this.server.ask(view, params, onProgress),
      post,
      (error) => error.message,
    );
    await page.exposeFunction("postToHost", (message) => {
      if (!bridge.take(message)) {
        void this.#react(message, subject, post);
      }
    });
    await page.addInitScript(() => {
      window.acquireVsCodeApi = () => ({
        postMessage: (message) => window.postToHost(message),
        setState: () => undefined,
        getState: () => undefined,
      });
    });
    await page.goto(`http://127.0.0.1:${this.http.address().port}/`);
    await setTheme(page, theme);
    return page;
  }

  async #react(message, subject, post) {
    if (message.type === "ready") {
      await post({ type: "show", subject });
    } else if (message.type === "openScript") {
      const place = await this.server
        .ask("source", message.place, () => undefined)
        .answer.catch((error) => ({ failure: error.message }));
      this.opened.push(place);
    } else if (message.type === "openSource") {
      this.opened.push(message.place);
    }
  }

  async stop() {
    this.http?.closeAllConnections();
    this.http?.close();
  }
}

/** What VS Code does when the user takes another theme. */
export async function setTheme(page, name) {
  const { bodyClass, variables, defaults } = THEMES[name];
  await page.evaluate(
    (theme) => {
      document.body.className = theme.bodyClass;
      document.documentElement.removeAttribute("style");
      for (const [variable, value] of Object.entries(theme.variables)) {
        document.documentElement.style.setProperty(variable, value);
      }
      let sheet = document.adoptedStyleSheets[0];
      if (sheet === undefined) {
        sheet = new CSSStyleSheet();
        document.adoptedStyleSheets = [sheet];
      }
      sheet.replaceSync(theme.defaults);
    },
    { bodyClass, variables, defaults },
  );
}
