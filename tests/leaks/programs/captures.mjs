// Variables that closures capture; each kind in a function of its own.
let chained = null;
let evaluated = null;
let stopped = null;
const listeners = [];
const users = [];
const nested = [];
const blocks = [];
const rows = [];

function chain(number) {
  const previous = chained;
  const isNew = () => previous === null || previous.number !== number;
  chained = {
    payload: new Array(40).fill(number),
    describe: () => `number ${number}`,
  };
  return isNew();
}

function withEval(number) {
  const before = evaluated;
  const isNew = () => before === null;
  evaluated = {
    payload: new Array(40).fill(number),
    calculate: (expression) => number + eval(expression),
  };
  return isNew();
}

function withDebugger(number) {
  const last = stopped;
  const isNew = () => last === null;
  stopped = {
    payload: new Array(40).fill(number),
    look() {
      if (number < 0) debugger;
    },
  };
  return isNew();
}

function listen(number) {
  const body = new Array(100).fill(number);
  const note = [number];
  const first = () => body[0] + note[0];
  listeners.push(() => number);
  return first();
}

function use(number) {
  const text = new Array(100).fill(number);
  users.push(() => text.length + number);
}

function useNested(number) {
  const words = new Array(100).fill(number);
  nested.push(() => () => words.length + number);
}

function block(number) {
  for (let i = 0; i < 1; i++) {
    const lines = new Array(100).fill(number);
    const count = () => lines.length;
    blocks.push(() => i + number);
    count();
  }
}

class Row {
  constructor(number) {
    this.cells = [number];
    rows.push(() => this.cells);
  }
}

class Parser {
  constructor(number) {
    const table = new Array(300000).fill(number);
    const look = (i) => table[i];
    this.first = look(0);
    this.reset = () => number;
  }
}

class Reader {
  static make(number) {
    const pages = new Array(300000).fill(number);
    return class {
      size = pages.length;
      page = number;
    };
  }
}

export const parser = new Parser(1);
export const Book = Reader.make(2);

export function handle(number) {
  chain(number);
  withEval(number);
  withDebugger(number);
  listen(number);
  use(number);
  useNested(number);
  block(number);
  new Row(number);
}
