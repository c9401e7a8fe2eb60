/** Where BSON is written byte by byte, so that it can hold what no library would write. */
export class BsonBytes {
  private buffer = Buffer.allocUnsafe(4_096)
  private length = 0
  private readonly open: number[] = []

  /** Begins a document or array; its elements follow. */
  begin(): void {
    this.open.push(this.length)
    this.int32(0)
  }

  end(): void {
    this.byte(0)
    const start = this.open.pop() ?? 0
    this.buffer.writeInt32LE(this.length - start, start)
  }

  /** Type and key of the element whose value follows. */
  element(type: number, key: string | Uint8Array): void {
    this.byte(type)
    this.cstring(key)
  }

  cstring(text: string | Uint8Array): void {
    this.raw(typeof text === 'string' ? Buffer.from(text) : text)
    this.byte(0)
  }

  /** A string value: its length, bytes and NUL. */
  string(text: string | Uint8Array): void {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    this.int32(bytes.length + 1)
    this.raw(bytes)
    this.byte(0)
  }

  byte(value: number): void {
    this.room(1)
    this.buffer[this.length++] = value
  }

  int32(value: number): void {
    this.room(4)
    this.length = this.buffer.writeInt32LE(value, this.length)
  }

  int64(value: bigint): void {
    this.room(8)
    this.length = this.buffer.writeBigInt64LE(BigInt.asIntN(64, value), this.length)
  }

  double(value: number): void {
    this.room(8)
    this.length = this.buffer.writeDoubleLE(value, this.length)
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A copy of all that was written; the writer is empty afterwards. */
  take(): Buffer {
    const bytes = Buffer.from(this.buffer.subarray(0, this.length))
    this.length = 0
    this.open.length = 0
    return bytes
  }

  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + more))
    larger.set(this.buffer.subarray(0, this.length))
    this.buffer = larger
  }
}
