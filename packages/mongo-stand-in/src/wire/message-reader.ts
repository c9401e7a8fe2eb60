/** What a MongoDB server announces as maxMessageSizeBytes. */
export const MAX_MESSAGE_BYTES = 48_000_000

/** Cuts a byte stream into messages by the length that each begins with. */
export class MessageReader {
  #chunks: Buffer[] = []
  #size = 0

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  /** The next whole message, or undefined until more has come. */
  next(): Buffer | undefined {
    if (this.#size < 4) return undefined
    const length = this.#peek(4).readInt32LE(0)
    if (length < 16 || length > MAX_MESSAGE_BYTES)
      throw new Error(`A message of ${length} bytes is not MongoDB's protocol`)
    if (this.#size < length) return undefined
    const bytes = this.#peek(this.#size)
    this.#chunks = bytes.length > length ? [bytes.subarray(length)] : []
    this.#size -= length
    return bytes.subarray(0, length)
  }

  /** Joins chunks until the first holds that many bytes. */
  #peek(bytes: number): Buffer {
    const [first] = this.#chunks
    if (first !== undefined && first.length >= bytes) return first
    const joined = Buffer.concat(this.#chunks)
    this.#chunks = [joined]
    return joined
  }
}
