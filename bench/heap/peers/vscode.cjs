// VS Code's parser: load, then its class groups, which computes retained sizes.
const { readFileSync } = require("node:fs");
const { decode_bytes } = require("@vscode/v8-heap-parser");

const graph = decode_bytes(readFileSync(process.argv[2]));
console.log(graph.get_class_groups(0, 1 << 30, false).length);
