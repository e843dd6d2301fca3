/** The kinds of memory of the Statistics, as Chrome DevTools tells them apart. */

import type { Statistics } from "./rows";

export interface Kind {
  readonly name: string;
  readonly size: number;
  /** Which of VS Code's chart colours it has. */
  readonly color: string;
}

export function kindsOf(found: Statistics): Kind[] {
  const { code, strings, jsArrays, typedArrays, system, v8Heap, native } = found;
  return [
    { name: "Code", size: code, color: "blue" },
    { name: "Strings", size: strings, color: "green" },
    { name: "JavaScript arrays", size: jsArrays, color: "orange" },
    { name: "Typed arrays", size: typedArrays, color: "purple" },
    { name: "V8's own objects", size: system, color: "yellow" },
    {
      name: "Other JavaScript objects",
      size: v8Heap - code - strings - jsArrays - system,
      color: "red",
    },
    { name: "Other memory outside V8", size: native - typedArrays, color: "lines" },
  ];
}
