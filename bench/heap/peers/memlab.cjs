// MemLab: load, retained sizes, sums per constructor.
const { getFullHeapFromFile } = require("@memlab/heap-analysis");

const print = console.log;
console.log = () => {};
getFullHeapFromFile(process.argv[2]).then((heap) => {
  const classes = new Map();
  heap.nodes.forEach((node) => {
    const sums = classes.get(node.name) ?? { count: 0, shallow: 0, largest: 0 };
    sums.count += 1;
    sums.shallow += node.self_size;
    sums.largest = Math.max(sums.largest, node.retainedSize);
    classes.set(node.name, sums);
  });
  console.log = print;
  console.log(heap.nodes.length, classes.size);
});
