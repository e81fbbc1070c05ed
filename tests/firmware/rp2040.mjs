// Runs firmware on an emulated RP2040: UART0 joined to a TCP port, what RTT prints to standard output.
//
//   node rp2040.mjs IMAGE.bin HOST:PORT BAUD
//
// Stops when the connection ends, and at the first byte sent at another baud rate.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { ConsoleLogger, LogLevel, Simulator } from 'rp2040js';
import { Pl011 } from './pl011.mjs';

const FLASH = 0x10000000, VECTORS = FLASH + 0x100;
const UART0 = 0x40034, UART0_IRQ = 20;
const CYCLE_NS = 1e9 / 125e6;
const SLICE_MS = 5;
// A receiver samples the tenth bit half a bit off.
const BAUD_TOLERANCE = 0.03;
// Control block of RTT: from its mark to the words of the first channel.
const RTT_MARK = 'SEGGER RTT\0', RTT_BUFFER = 28, RTT_SIZE = 32, RTT_WRITE = 36, RTT_READ = 40, RTT_FLAGS = 44;
const RTT_BLOCK_IF_FULL = 2;

const [, , image, address, baud] = process.argv;
const [host, port] = address.split(':');

const { rp2040, clock } = new Simulator();
rp2040.logger = new ConsoleLogger(LogLevel.Error);
rp2040.flash.set(readFileSync(image));
const { core } = rp2040;
core.VTOR = VECTORS;
core.SP = rp2040.readUint32(VECTORS);
core.PC = rp2040.readUint32(VECTORS + 4) & ~1;

const uart = new Pl011(rp2040, 'UART0', UART0_IRQ, clock);
rp2040.uart[0] = uart;
rp2040.peripherals[UART0] = uart;

const socket = connect({ host, port: Number(port), noDelay: true });
let outgoing = [];
uart.onByte = (byte) => {
  if (Math.abs(uart.baud / baud - 1) > BAUD_TOLERANCE) {
    console.error(`the firmware sends at ${uart.baud} baud`);
    process.exit(1);
  }
  outgoing.push(byte);
};
socket.on('data', (bytes) => uart.receive(bytes));
socket.on('close', () => process.exit());
socket.on('error', (error) => {
  console.error(`${address}: ${error.message}`);
  process.exit(1);
});

const ram = Buffer.from(rp2040.sram.buffer, rp2040.sram.byteOffset, rp2040.sram.byteLength);
let rtt = -1;

/** Writes what the firmware has printed. */
function print() {
  if (rtt < 0) {
    rtt = ram.indexOf(RTT_MARK);
    if (rtt < 0) return;
    ram.writeUInt32LE(RTT_BLOCK_IF_FULL, rtt + RTT_FLAGS);
  }
  const buffer = ram.readUInt32LE(rtt + RTT_BUFFER) - 0x20000000;
  const size = ram.readUInt32LE(rtt + RTT_SIZE);
  const end = ram.readUInt32LE(rtt + RTT_WRITE);
  let start = ram.readUInt32LE(rtt + RTT_READ);
  if (start > end) {
    process.stdout.write(Buffer.from(ram.subarray(buffer + start, buffer + size)));
    start = 0;
  }
  if (start < end) process.stdout.write(Buffer.from(ram.subarray(buffer + start, buffer + end)));
  ram.writeUInt32LE(end, rtt + RTT_READ);
}

/** One step of the core, or to the next thing that happens. */
function step() {
  if (core.waiting) {
    clock.tick(Math.max(CYCLE_NS, Math.min(clock.nanosToNextAlarm || 100_000, 100_000)));
  } else {
    clock.tick(core.executeInstruction() * CYCLE_NS);
  }
}

// The clock may fall behind, but it never runs ahead: the module at the other end lives in real time.
const begin = performance.now();
function run() {
  const end = performance.now() + SLICE_MS;
  let ahead = false;
  while (!ahead && performance.now() < end) {
    for (let i = 0; i < 5000 && !ahead; i++) {
      step();
      ahead = core.waiting && clock.nanos / 1e6 > performance.now() - begin;
    }
    ahead ||= clock.nanos / 1e6 > performance.now() - begin;
  }
  print();
  if (outgoing.length > 0) socket.write(Buffer.from(outgoing));
  outgoing = [];
  setTimeout(run, ahead ? 1 : 0);
}
run();
