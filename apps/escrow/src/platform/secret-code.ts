import { createHmac, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

/**
 * How codes and tokens are stored, alike in both stores: HMAC-SHA256 under a key from the environment. Values that the
 * past stored plain are recognised by the missing mark and stay valid until they expire.
 */
export interface CodeHasher {
  /** What is stored for `value`. `purpose` keeps a code of one use from serving another. */
  hash(purpose: string, value: string): string
  /** A token that is the same for the same `value`, and that nobody makes without the key. Safe in URLs. */
  derive(purpose: string, value: string): string
  /** Compares in constant time; `stored` may be a hash or a plain value of the past. */
  matches(stored: string | null, purpose: string, value: string): boolean
  /** Whether `stored` is a hash of ours, not a plain value of the past. */
  isHash(stored: string): boolean
}

const MARK = 'hmac-sha256:'

export function createCodeHasher(key: string): CodeHasher {
  const hash = (purpose: string, value: string) =>
    MARK + createHmac('sha256', key).update(`${purpose}\0${value}`).digest('hex')
  const derive = (purpose: string, value: string) =>
    createHmac('sha256', key).update(`derived\0${purpose}\0${value}`).digest('base64url')
  const isHash = (stored: string) => stored.startsWith(MARK)
  return {
    hash,
    derive,
    isHash,
    matches(stored, purpose, value) {
      if (stored === null || stored === '') return false
      const expected = isHash(stored) ? stored : hash(purpose, stored)
      return sameText(expected, hash(purpose, value))
    },
  }
}

function sameText(left: string, right: string): boolean {
  const a = Buffer.from(left)
  const b = Buffer.from(right)
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Six digits from a cryptographic source; the first is never 0, because the past stored such codes as numbers. */
export function randomCode(): string {
  return String(randomInt(100_000, 1_000_000))
}

/** A token that cannot be guessed, safe in URLs. */
export function randomToken(): string {
  return randomBytes(32).toString('base64url')
}
