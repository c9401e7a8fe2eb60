import type { FieldPlace } from './raw-places.ts'
import { endOfName } from './raw-value.ts'

/** Puts a document together of pieces of another one's bytes and of new bytes. Neighbouring pieces are one copy. */
export class RawSplice {
  readonly source: Buffer
  readonly #pieces: Uint8Array[] = []
  #length = 0
  /** The last piece of the source, which may still grow. */
  #start = 0
  #end = 0

  constructor(source: Uint8Array) {
    this.source = Buffer.from(source.buffer, source.byteOffset, source.byteLength)
  }

  /** Copies a field as it is. */
  copy({ start, end }: FieldPlace): void {
    if (start !== this.#end) {
      this.#endPiece()
      this.#start = start
    }
    this.#end = end
    this.#length += end - start
  }

  /** Copies a field under another name. */
  copyRenamed({ start, end }: FieldPlace, name: string): void {
    this.addHead(this.source[start] ?? 0, name)
    this.copy({ start: endOfName(this.source, start + 1) + 1, end })
  }

  /** Adds new bytes. */
  add(bytes: Uint8Array): void {
    this.#endPiece()
    this.#pieces.push(bytes)
    this.#length += bytes.length
  }

  /** Adds what stands before a value. */
  addHead(type: number, name: string): void {
    const head = Buffer.from(` ${name}\0`)
    // Not as a part of the text: minKey is no ASCII character.
    head[0] = type
    this.add(head)
  }

  /** Begins a document or an array; the function that is returned ends it. */
  beginDocument(): () => void {
    const length = Buffer.alloc(4)
    const before = this.#length
    this.add(length)
    return () => {
      this.add(Buffer.alloc(1))
      length.writeInt32LE(this.#length - before)
    }
  }

  bytes(): Uint8Array {
    this.#endPiece()
    const bytes = Buffer.allocUnsafeSlow(this.#length)
    let at = 0
    for (const piece of this.#pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return bytes
  }

  #endPiece(): void {
    if (this.#end > this.#start) this.#pieces.push(this.source.subarray(this.#start, this.#end))
    this.#start = this.#end
  }
}
