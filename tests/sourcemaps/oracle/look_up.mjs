// Answers look-ups with @jridgewell/trace-mapping: node look_up.mjs MAP MAP_URL QUERIES ANSWERS
//
// QUERIES holds int32 pairs of generated line and column, both from 0. ANSWERS gets int32 rows
// of source, line, column and name, -1 for what is not there. The resolved sources and the
// times in milliseconds go to stdout as JSON.

import { readFileSync, writeFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

import {
  allGeneratedPositionsFor,
  decodedMappings,
  FlattenMap,
  traceSegment,
} from "@jridgewell/trace-mapping";

const [mapFile, mapUrl, queriesFile, answersFile] = process.argv.slice(2);
const text = readFileSync(mapFile, "utf8");
const bytes = readFileSync(queriesFile);
const queries = new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);

const start = performance.now();
const map = new FlattenMap(text, mapUrl);
decodedMappings(map);
const decoded = performance.now();

const answers = new Int32Array(queries.length * 2).fill(-1);
for (let index = 0; index < queries.length; index += 2) {
  const segment = traceSegment(map, queries[index], queries[index + 1]);
  if (segment === null || segment.length === 1) continue;
  for (let field = 1; field < segment.length; field++) {
    answers[index * 2 + field - 1] = segment[field];
  }
}
const done = performance.now();
writeFileSync(answersFile, answers);

// Some of the answers the other way round.
const back = [];
for (let index = 0; index < answers.length && back.length < 2000; index += 40) {
  const [source, line, column] = answers.subarray(index, index + 3);
  if (source < 0) continue;
  if (map.resolvedSources.indexOf(map.resolvedSources[source]) !== source) continue;
  const found = allGeneratedPositionsFor(map, {
    source: map.resolvedSources[source],
    line: line + 1,
    column,
  });
  back.push([source, line, column, found.map((at) => [at.line - 1, at.column])]);
}

console.log(
  JSON.stringify({
    sources: map.resolvedSources,
    names: map.names,
    back,
    decodeMilliseconds: decoded - start,
    lookUpMilliseconds: done - decoded,
  }),
);
