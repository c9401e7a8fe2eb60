/** Signature, no flags, no extension: how every COPY BINARY payload begins. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const FIRST_SIZE = 1 << 16
const LARGEST_KEPT = 8 << 20

/** A growing COPY BINARY payload of one table. */
export class CopyBuffer {
  bytes: Buffer
  at = 0
  rows = 0
  private markAt = 0
  private markRows = 0

  constructor() {
    this.bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
    this.reset()
  }

  /** Makes room for `size` more bytes. Everything that writes asks first; the writers below do so themselves. */
  ensure(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const grown = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(grown, 0, 0, this.at)
    this.bytes = grown
  }

  int16(value: number): void {
    this.ensure(2)
    this.bytes[this.at++] = value >> 8
    this.bytes[this.at++] = value
  }

  int32(value: number): void {
    this.ensure(4)
    const { bytes } = this
    bytes[this.at++] = value >> 24
    bytes[this.at++] = value >> 16
    bytes[this.at++] = value >> 8
    bytes[this.at++] = value
  }

  int64(value: bigint): void {
    this.ensure(8)
    this.at = this.bytes.writeBigInt64BE(value, this.at)
  }

  raw(source: Uint8Array): void {
    this.ensure(source.length)
    this.bytes.set(source, this.at)
    this.at += source.length
  }

  /** Copies bytes from one place of a buffer to another; a loop, because most values are short. */
  copyFrom(source: Uint8Array, from: number, to: number): void {
    this.ensure(to - from)
    if (to - from > 100) {
      this.bytes.set(source.subarray(from, to), this.at)
      this.at += to - from
      return
    }
    const { bytes } = this
    let at = this.at
    for (let i = from; i < to; i++) bytes[at++] = source[i] as number
    this.at = at
  }

  null(): void {
    this.int32(-1)
  }

  /** Text with its length in front. */
  text(value: string): void {
    // Three bytes are the most that one UTF-16 unit takes.
    this.ensure(4 + value.length * 3)
    const length = this.bytes.write(value, this.at + 4, 'utf8')
    this.bytes.writeInt32BE(length, this.at)
    this.at += 4 + length
  }

  /** Leaves room for a length that is known only later; `closeLength` fills it in. */
  openLength(): number {
    this.int32(0)
    return this.at
  }

  closeLength(from: number): void {
    this.bytes.writeInt32BE(this.at - from, from - 4)
  }

  startRow(columns: number): void {
    this.rows++
    this.int16(columns)
  }

  /** Remembers this place, to which `rollBack` returns. */
  mark(): void {
    this.markAt = this.at
    this.markRows = this.rows
  }

  rollBack(): void {
    this.at = this.markAt
    this.rows = this.markRows
  }

  /** This place, for `returnTo`: a smaller step inside of what `mark` remembers. */
  place(): { at: number; rows: number } {
    return { at: this.at, rows: this.rows }
  }

  returnTo({ at, rows }: { at: number; rows: number }): void {
    this.at = at
    this.rows = rows
  }

  /** Hands over the closed payload and begins a new one in a buffer of its own. */
  finish(): { payload: Buffer; rows: number } {
    const lent = this.lend()
    const isShort = lent.payload.length * 4 < this.bytes.length
    // A short payload is copied, so that the buffer can go on; a long one takes the buffer along.
    if (isShort) return { ...lent, payload: Buffer.from(lent.payload) }
    this.bytes = Buffer.allocUnsafeSlow(this.bytes.length)
    this.reset()
    return lent
  }

  /** The closed payload, which is good until something is written again. A buffer that grew very large is let go. */
  lend(): { payload: Buffer; rows: number } {
    this.int16(-1)
    const lent = { payload: this.bytes.subarray(0, this.at), rows: this.rows }
    if (this.bytes.length > LARGEST_KEPT) this.bytes = Buffer.allocUnsafeSlow(FIRST_SIZE)
    this.reset()
    return lent
  }

  reset(): void {
    HEADER.copy(this.bytes, 0)
    this.at = HEADER.length
    this.rows = 0
    this.mark()
  }
}
