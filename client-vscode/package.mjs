// Packs the extension with the server's wheels.
//
//   node package.mjs [--out FILE] [--target linux-x64|here [--python PROGRAM]...]
//
// The universal package carries the pure wheel, whose kernels run interpreted. A package for one
// platform (`here` is this one) carries a compiled wheel as well, for each Python that is given;
// Pythons of other versions take the pure one.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
  options: {
    out: { type: "string" },
    target: { type: "string" },
    python: { type: "string", multiple: true },
  },
});
const machine = `${process.platform}-${process.arch}`;
const target = options.target === "here" ? machine : options.target;
const out = options.out ?? `dist/leakline${target === undefined ? "" : `-${target}`}.vsix`;
const here = import.meta.dirname;
const repository = path.dirname(here);
const wheels = path.join(here, "dist", "wheels");

/** The repository's own environment where there is one: it has what a build needs. */
function defaultPython() {
  const own = path.join(repository, ".venv", "bin", "python");
  return existsSync(own) ? own : "python3";
}

function run(program, args, cwd) {
  try {
    execFileSync(program, args, { cwd, stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout ?? ""}`, { cause: error });
  }
}

function hasBuildTools(python) {
  try {
    run(python, ["-c", "import Cython, setuptools; assert int(setuptools.__version__[:2]) >= 80"]);
    return true;
  } catch {
    return false;
  }
}

/** Builds a wheel from a copy of the sources, so that a build leaves nothing behind. */
function buildWheel(python, { compiled }) {
  const copy = mkdtempSync(path.join(tmpdir(), "leakline-wheel-"));
  try {
    const sources = ["pyproject.toml", "README.md", "LICENSE", ...(compiled ? ["setup.py"] : [])];
    for (const name of sources) {
      cpSync(path.join(repository, name), path.join(copy, name));
    }
    cpSync(path.join(repository, "server", "leakline"), path.join(copy, "server", "leakline"), {
      recursive: true,
      filter: (source) => !/__pycache__|\.so$|\.pyd$|kernels[\\/]\w+\.c$/.test(source),
    });
    // The pages that the codes of diagnostics lead to.
    cpSync(
      path.join(repository, "docs", "detectors"),
      path.join(copy, "server", "leakline", "docs", "detectors"),
      { recursive: true },
    );
    if (!compiled) {
      needCythonToRun(path.join(copy, "pyproject.toml"));
    }
    const isolation = hasBuildTools(python) ? ["--no-build-isolation"] : [];
    run(python, ["-m", "pip", "wheel", "--no-deps", ...isolation, "-w", wheels, "."], copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

/** Interpreted kernels import Cython's module of types. */
function needCythonToRun(file) {
  const text = readFileSync(file, "utf8");
  const requirement = /^requires = .*("Cython[^"]*")/m.exec(text)?.[1];
  if (requirement === undefined || !text.includes("\ndependencies = [\n")) {
    throw new Error("pyproject.toml has another form than this script knows");
  }
  writeFileSync(
    file,
    text.replace("\ndependencies = [\n", `\ndependencies = [\n    ${requirement},\n`),
  );
}

rmSync(wheels, { recursive: true, force: true });
buildWheel(defaultPython(), { compiled: false });
if (target !== undefined) {
  if (target !== machine) {
    throw new Error(`the wheel for ${target} must be compiled there; this is ${machine}`);
  }
  for (const python of options.python ?? [defaultPython()]) {
    buildWheel(python, { compiled: true });
  }
}
const example = path.join(repository, "examples", "seed-worker");
for (const name of ["package.json", "wrangler.jsonc", "src/index.js"]) {
  cpSync(path.join(example, name), path.join(here, "dist", "example", name));
}
// By this file the extension knows that it is wanted in the folder.
cpSync(path.join(here, "example.leakline.toml"), path.join(here, "dist/example/.leakline.toml"));
run(
  path.join(here, "node_modules", ".bin", "vsce"),
  [
    ...["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", out],
    ...(target === undefined ? [] : ["--target", target]),
  ],
  here,
);
console.log(`packed ${out}`);
