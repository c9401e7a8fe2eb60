import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { isSignedBy, webhookSecret, webhookSignature } from './webhook-signature.ts'

const body = Buffer.from('{"amount":"1"}')

test('a signature fits its bytes and its intent alone', () => {
  const [mine, other] = [webhookSecret('key', newId()), webhookSecret('key', newId())]
  const signature = webhookSignature(mine, body)
  expect(isSignedBy(mine, body, signature)).toBe(true)
  expect(isSignedBy(mine, body, signature.toUpperCase())).toBe(true)
  expect(isSignedBy(other, body, signature)).toBe(false)
  expect(isSignedBy(mine, Buffer.from('{"amount":"2"}'), signature)).toBe(false)
})

test('another key gives another secret for the same intent', () => {
  const intent = newId()
  expect(webhookSecret('key', intent)).not.toBe(webhookSecret('other key', intent))
})

test('headers that are no signature are refused', () => {
  const secret = webhookSecret('key', newId())
  for (const header of ['', '00', 'x'.repeat(64), '0'.repeat(64), '0'.repeat(128)]) {
    expect(isSignedBy(secret, body, header)).toBe(false)
  }
})
