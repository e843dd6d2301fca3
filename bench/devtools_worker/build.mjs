// Bundles Chrome DevTools' heap snapshot worker, as npm has its source, for Node.
import { build } from "esbuild";
import { existsSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const out = join(here, "dist");

// The list of locales is made by Chromium's build; the worker shows no text.
const noLocales = {
  name: "no-locales",
  setup(build) {
    build.onResolve({ filter: /\/locales\.js$/ }, () => ({ path: "locales", namespace: "none" }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({
      contents:
        "export const LOCALES = ['en-US'], BUNDLED_LOCALES = ['en-US'], DEFAULT_LOCALE = 'en-US'," +
        "REMOTE_FETCH_PATTERN = '', LOCAL_FETCH_PATTERN = '';",
    }));
  },
};

// Node 20 has none yet.
const withResolvers =
  "Promise.withResolvers ??= function () { let resolve, reject;" +
  "const promise = new this((a, b) => { resolve = a; reject = b; });" +
  "return { promise, resolve, reject }; };";

/** Build once; give the paths of the two bundles. */
export async function bundle() {
  const main = join(out, "snapshot.mjs");
  const second = join(out, "second.mjs");
  if (!existsSync(main) || !existsSync(second)) {
    await build({
      entryPoints: { snapshot: join(here, "snapshot.ts"), second: join(here, "second.ts") },
      outdir: out,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "error",
      plugins: [noLocales],
      banner: { js: withResolvers },
    });
  }
  return { main, second };
}
