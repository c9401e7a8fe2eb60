import { createHmac, timingSafeEqual } from 'node:crypto'
import { type EntityId, publicId } from '../../platform/ids.ts'

/** The secret under which the scanner signs what it says about one intent. It is derived, so nothing has to be kept. */
export function webhookSecret(key: string, intent: EntityId): string {
  return createHmac('sha256', key)
    .update(`amn-scanner:${publicId(intent)}`)
    .digest('hex')
}

/** The value of `X-AMN-Signature` for these bytes. */
export function webhookSignature(secret: string, rawBody: Uint8Array): string {
  return createHmac('sha256', secret).update(rawBody).digest('hex')
}

/** Compares in constant time; a header of another length or alphabet is refused alike. */
export function isSignedBy(secret: string, rawBody: Uint8Array, header: string): boolean {
  const expected = Buffer.from(webhookSignature(secret, rawBody), 'hex')
  const given = /^[0-9a-f]{64}$/i.test(header) ? Buffer.from(header, 'hex') : Buffer.alloc(expected.length)
  return timingSafeEqual(given, expected)
}
