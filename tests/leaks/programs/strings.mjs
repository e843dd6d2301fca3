// Tokens cut out of pages, kept in different ways.
const cut = new Map();
const copied = new Map();
const pages = [];
const alsoCut = [];
let serial = 0;

function page() {
  serial += 1;
  const rows = [];
  for (let i = 0; i < 60; i++) rows.push(`<tr><td>${i}</td><td>${serial}</td></tr>`);
  return Buffer.from(rows.join("")).toString("latin1");
}

const parsed = JSON.parse(
  JSON.stringify(
    Array.from({ length: 40000 }, (_, i) => ({
      i,
      who: "Northern Counties Passenger Transport Executive",
    })),
  ),
);
const headings = Array.from({ length: 800 }, () => page().repeat(2).slice(7, 47));

export function handle(number) {
  cut.set(number, page().slice(40, 80));
  copied.set(number, Buffer.from(page().slice(40, 80)).toString());
  const whole = page();
  pages.push(whole);
  alsoCut.push(whole.slice(40, 80));
  return [parsed[number], headings[number]];
}
