// Makes the real source maps of the tests: node make_maps.mjs OUT
//
// Each generated file has its map beside it. What is built are the packages that the tools
// themselves consist of, since they are there anyway and large.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { build, transform } from "esbuild";
import { rollup } from "rollup";
import ts from "typescript";
import webpack from "webpack";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(process.argv[2]);
const require = createRequire(import.meta.url);
const modules = path.join(here, "node_modules");
const acorn = path.join(modules, "acorn/dist/acorn.mjs");
const tracing = path.join(modules, "@jridgewell/trace-mapping/src/trace-mapping.ts");

const esbuildOptions = { bundle: true, sourcemap: true, platform: "node", logLevel: "error" };

async function withEsbuild() {
  await build({ ...esbuildOptions, entryPoints: [tracing], outfile: `${out}/esbuild.js` });
  await build({
    ...esbuildOptions,
    entryPoints: [path.join(modules, "webpack-sources/lib/index.js")],
    minify: true,
    outfile: `${out}/esbuild-minified.js`,
  });
  const file = path.join(modules, "typescript/lib/typescript.js");
  for (const [name, minify] of [["large", false], ["large-minified", true]]) {
    const made = await transform(await readFile(file, "utf8"), {
      minify,
      sourcefile: "typescript.js",
      sourcemap: "external",
      sourcesContent: !minify,
    });
    await writeFile(`${out}/${name}.js`, made.code);
    await writeFile(`${out}/${name}.js.map`, made.map);
  }
}

async function withTypeScript() {
  const made = ts.transpileModule(await readFile(tracing, "utf8"), {
    fileName: "trace-mapping.ts",
    compilerOptions: {
      inlineSources: true,
      module: ts.ModuleKind.CommonJS,
      sourceMap: true,
      sourceRoot: "../src/",
      target: ts.ScriptTarget.ES2015,
    },
  });
  await writeFile(`${out}/tsc.js`, made.outputText);
  await writeFile(`${out}/tsc.js.map`, made.sourceMapText);
}

function withWebpack(name, mode) {
  const configuration = {
    context: here,
    devtool: "source-map",
    entry: acorn,
    mode,
    output: { filename: `${name}.js`, path: out },
    target: "node",
  };
  return new Promise((resolve, reject) => {
    webpack(configuration, (error, stats) => {
      if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()));
      else resolve();
    });
  });
}

async function withRollup() {
  const bundle = await rollup({ input: acorn });
  await bundle.write({ file: `${out}/rollup.js`, format: "cjs", sourcemap: true });
  await bundle.close();
}

async function withTerser() {
  const { minify } = require("terser");
  const code = await readFile(`${out}/rollup.js`, "utf8");
  const content = await readFile(`${out}/rollup.js.map`, "utf8");
  const made = await minify(code, { sourceMap: { content, filename: "terser.js" } });
  await writeFile(`${out}/terser.js`, made.code);
  await writeFile(`${out}/terser.js.map`, made.map);
}

// Two built files in one, the second one beginning in the middle of a line.
async function indexMap() {
  const sections = [];
  let text = "";
  for (const name of ["esbuild", "webpack-production", "rollup"]) {
    const lines = text.split("\n");
    const offset = { line: lines.length - 1, column: lines.at(-1).length };
    const map = JSON.parse(await readFile(`${out}/${name}.js.map`, "utf8"));
    sections.push({ offset, map });
    text += (await readFile(`${out}/${name}.js`, "utf8")).trimEnd() + ";";
  }
  await writeFile(`${out}/index-map.js`, text);
  await writeFile(`${out}/index-map.js.map`, JSON.stringify({ version: 3, sections }));
}

await mkdir(out, { recursive: true });
await withEsbuild();
await withTypeScript();
await withWebpack("webpack-production", "production");
await withWebpack("webpack-development", "development");
await withRollup();
await withTerser();
await indexMap();
