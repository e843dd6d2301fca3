// Rows that are taken out of the document, and rows that stay in it.
const removed = new Map();
const shown = new Map();
const spare = [];
const list = document.querySelector("#list");
let number = 0;

function row(text) {
  const element = document.createElement("li");
  element.innerHTML = `<strong>${text}</strong> <em>new</em>`;
  return element;
}

for (let i = 0; i < 600; i++) spare.push(row(`spare ${i}`));

document.querySelector("#go").addEventListener("click", () => {
  number += 1;
  document.title = `Detached: ${number}, ${spare.length} to spare`;
  const gone = row(`secret ${number}`);
  removed.set(number, gone);
  list.append(gone);
  gone.remove();
  const here = row(`kept ${number}`);
  shown.set(number, here);
  list.append(here);
});
