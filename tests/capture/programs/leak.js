const kept = [];

export function handle(name) {
  // Joined from pieces, the text is one flat string in every V8.
  const line = [...name.padEnd(4000, "x")].join("");
  kept.push(line);
  return `${kept.length} kept\n`;
}
