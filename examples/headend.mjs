// A head-end in JavaScript, tested against the module: `node examples/headend.mjs`.
//
// It starts `cmi-gui serve` with a control socket, reads the module over TCP, injects a fault through the socket, and
// reads again. COMMAND names another command for `cmi-gui`, such as "python3 -m cmi_gui".
import { spawn } from "node:child_process";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import assert from "node:assert/strict";

const WINDOW = 300; // milliseconds that an answer may take to begin, and to pause

const [program, ...first] = (process.env.COMMAND ?? "cmi-gui").split(" ");
const options = ["serve", "--mbus", "tcp://127.0.0.1:0", "--control", "tcp://127.0.0.1:0", "--no-paced", "--json"];
const served = spawn(program, [...first, ...options], { stdio: ["pipe", "pipe", "inherit"] });
const lines = createInterface({ input: served.stdout })[Symbol.asyncIterator]();

async function open(link) {
  const url = new URL(link.replace("tcp:", "http:"));
  const socket = connect(Number(url.port), url.hostname);
  await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

// Return what comes until the line is quiet.
function receive(socket) {
  return new Promise((resolve) => {
    const pieces = [];
    let timer = setTimeout(end, WINDOW);
    function take(piece) {
      pieces.push(piece);
      clearTimeout(timer);
      timer = setTimeout(end, WINDOW);
    }
    function end() {
      socket.off("data", take);
      resolve(Buffer.concat(pieces));
    }
    socket.on("data", take);
  });
}

async function ask(socket, control, address, tries = 3) {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    socket.write(Buffer.from([0x10, control, address, (control + address) & 0xff, 0x16]));
    const answer = await receive(socket);
    if (answer.length) return answer;
  }
  throw new Error(`address ${address} does not answer`);
}

// Control lines are answered with one line of JSON each.
async function operator(link) {
  const socket = await open(link);
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    async operate(line) {
      socket.write(`${line}\n`);
      const answer = JSON.parse((await answers.next()).value);
      assert.ok(answer.ok, answer.message);
      return answer;
    },
  };
}

try {
  const ready = JSON.parse((await lines.next()).value);
  const bus = await open(ready.mbus);
  const { socket, operate } = await operator(ready.control);
  await operate("wait contact yes 30");

  assert.deepEqual(await ask(bus, 0x40, 0), Buffer.from([0xe5]));
  const telegram = await ask(bus, 0x7b, 0);
  assert.equal(telegram.length, telegram[1] + 6);

  await operate("inject no-answer once");
  const before = (await operate("status")).requests;
  await ask(bus, 0x40, 0);
  assert.equal((await operate("status")).requests, before + 2);
  await operate("clear");

  bus.destroy();
  socket.destroy();
  console.log(`read ${telegram.length} bytes, and again after a lost answer`);
} finally {
  served.kill();
}
