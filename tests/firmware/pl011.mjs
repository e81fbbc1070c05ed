// The RP2040's UART with what rp2040js leaves out: bytes take their time, both FIFOs fill up, and interrupts come at their
// levels. Registers as in the RP2040 datasheet, 4.2.8, and the PL011 manual.
import { BasePeripheral } from 'rp2040js';

const DR = 0x00, RSR = 0x04, FR = 0x18, IBRD = 0x24, FBRD = 0x28, LCR_H = 0x2c, CR = 0x30, IFLS = 0x34;
const IMSC = 0x38, RIS = 0x3c, MIS = 0x40, ICR = 0x44, DMACR = 0x48, PERIPHID0 = 0xfe0;
const FR_BUSY = 1 << 3, FR_RXFE = 1 << 4, FR_TXFF = 1 << 5, FR_RXFF = 1 << 6, FR_TXFE = 1 << 7;
const INT_RX = 1 << 4, INT_TX = 1 << 5, INT_RT = 1 << 6, INT_OE = 1 << 10;
const DR_OVERRUN = 1 << 11;
const FIFO_DEPTH = 32;
// Fill levels that IFLS chooses from.
const LEVELS = [4, 8, 16, 24, 28, 28, 28, 28];
const BITS = 10;
const TIMEOUT_BITS = 32;

export class Pl011 extends BasePeripheral {
  overruns = 0;
  /** Called with each byte when its stop bit has gone. */
  onByte = () => {};

  constructor(rp2040, name, irq, clock) {
    super(rp2040, name);
    this.irq = irq;
    this.registers = new Map([[IBRD, 0], [FBRD, 0], [LCR_H, 0], [CR, 0x300], [IFLS, 0x12], [IMSC, 0], [DMACR, 0]]);
    this.raw = 0;
    this.tx = [];
    this.shifting = null;
    this.line = [];
    this.rx = [];
    this.lost = false;
    this.sent = clock.createAlarm(() => this.#sent());
    this.arrived = clock.createAlarm(() => this.#arrived());
    this.silence = clock.createAlarm(() => this.#raise(INT_RT));
    this.arriving = false;
  }

  /** Bytes that another device sends, one after the other. */
  receive(bytes) {
    this.line.push(...bytes);
    this.#listen();
  }

  clkPeriChanged() {}

  get depth() {
    return this.registers.get(LCR_H) & 0x10 ? FIFO_DEPTH : 1;
  }

  get txLevel() {
    return this.depth === 1 ? 0 : LEVELS[this.registers.get(IFLS) & 7];
  }

  get rxLevel() {
    return this.depth === 1 ? 1 : LEVELS[(this.registers.get(IFLS) >> 3) & 7];
  }

  get on() {
    return (this.registers.get(CR) & 1) === 1;
  }

  get baud() {
    return 1e9 / this.bits(1);
  }

  /** Nanoseconds that so many bits take. */
  bits(count) {
    const divider = this.registers.get(IBRD) + this.registers.get(FBRD) / 64;
    return (count * 16 * divider * 1e9) / this.rp2040.clkPeri;
  }

  readUint32(offset) {
    switch (offset) {
      case DR:
        return this.#read();
      case RSR:
        return 0;
      case FR:
        return (this.shifting !== null ? FR_BUSY : 0) | (this.rx.length === 0 ? FR_RXFE : 0)
          | (this.tx.length >= this.depth ? FR_TXFF : 0) | (this.rx.length >= this.depth ? FR_RXFF : 0)
          | (this.tx.length === 0 ? FR_TXFE : 0);
      case RIS:
        return this.raw;
      case MIS:
        return this.raw & this.registers.get(IMSC);
      case ICR:
        return 0;
    }
    if (this.registers.has(offset)) return this.registers.get(offset);
    if (offset >= PERIPHID0) return [0x11, 0x10, 0x34, 0x00, 0x0d, 0xf0, 0x05, 0xb1][(offset - PERIPHID0) >> 2];
    return super.readUint32(offset);
  }

  writeUint32(offset, value) {
    switch (offset) {
      case DR:
        if (this.tx.length < this.depth) this.tx.push(value & 0xff);
        this.#shift();
        return;
      case RSR:
        return;
      case ICR:
        this.raw &= ~this.rawWriteValue;
        break;
      default:
        if (!this.registers.has(offset)) return super.writeUint32(offset, value);
        this.registers.set(offset, value);
        this.#listen();
        this.#shift();
    }
    this.#update();
  }

  #read() {
    const value = this.rx.shift() ?? 0;
    if (this.rx.length < this.rxLevel) this.raw &= ~INT_RX;
    if (this.rx.length === 0) {
      this.raw &= ~INT_RT;
      this.silence.cancel();
    }
    this.#update();
    return value;
  }

  #shift() {
    if (this.shifting !== null || this.tx.length === 0 || !this.on) return;
    this.shifting = this.tx.shift();
    this.sent.schedule(this.bits(BITS));
    if (this.tx.length === this.txLevel) this.#raise(INT_TX);
  }

  #sent() {
    const byte = this.shifting;
    this.shifting = null;
    this.onByte(byte);
    this.#shift();
  }

  #listen() {
    if (this.arriving || this.line.length === 0 || !this.on) return;
    this.arriving = true;
    this.arrived.schedule(this.bits(BITS));
  }

  #arrived() {
    this.arriving = false;
    const byte = this.line.shift();
    if (this.rx.length >= this.depth) {
      this.overruns++;
      this.lost = true;
      this.#raise(INT_OE);
    } else {
      this.rx.push(byte | (this.lost ? DR_OVERRUN : 0));
      this.lost = false;
      if (this.rx.length >= this.rxLevel) this.#raise(INT_RX);
      this.silence.schedule(this.bits(TIMEOUT_BITS));
    }
    this.#listen();
  }

  #raise(interrupt) {
    this.raw |= interrupt;
    this.#update();
  }

  #update() {
    this.rp2040.setInterrupt(this.irq, (this.raw & this.registers.get(IMSC)) !== 0);
  }
}
