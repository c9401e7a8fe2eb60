const SLAB_BYTES = 256 * 1024

let slab = Buffer.alloc(0)
let used = 0

/**
 * A copy of bytes that are to stay. Copies share slabs of their own: in Node's pool they would lie among buffers of one
 * reply or one log entry, and keep the memory of these too.
 */
export function keepBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length > SLAB_BYTES / 8) {
    const own = Buffer.allocUnsafeSlow(bytes.length)
    own.set(bytes)
    return own
  }
  if (used + bytes.length > slab.length) {
    slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
    used = 0
  }
  const copy = slab.subarray(used, used + bytes.length)
  copy.set(bytes)
  used += bytes.length
  return copy
}
