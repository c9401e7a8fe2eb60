import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { type IssuedAddress, nextIndexOf, type TrezorAccount } from './model.ts'
import { operationMessage, registrationMessage } from './proof.ts'

const account = (nextAddressIndex: number | null, indexes: (number | null)[]): TrezorAccount => ({
  id: newId(),
  userId: newId(),
  xpub: null,
  xpubFingerprint: null,
  basePath: null,
  registrationAddress: null,
  nextAddressIndex,
  addresses: indexes.map(
    (index): IssuedAddress => ({
      index,
      address: null,
      path: null,
      purpose: null,
      paymentId: null,
      issuedAt: null,
    }),
  ),
  deviceLabel: null,
  isActive: true,
  createdAt: null,
  updatedAt: null,
})

test.each([
  { next: 1, given: [], expected: 1 },
  { next: null, given: [], expected: 1 },
  { next: 0, given: [], expected: 1 },
  { next: 1, given: [1, 2, 7], expected: 8 },
  { next: 9, given: [1, null], expected: 9 },
])('after $given with a counter at $next comes $expected', ({ next, given, expected }) => {
  expect(nextIndexOf(account(next, given))).toBe(expected)
})

test('what is signed names the person and the purpose', () => {
  const [one, other] = [newId(), newId()]
  const registration = registrationMessage(one, '0a1b2c3d', '0xAb')
  expect(registration.startsWith('Amanat escrow Trezor registration\n')).toBe(true)
  expect(registration).not.toBe(registrationMessage(other, '0a1b2c3d', '0xAb'))
  const operation = { operation: 'release', reference: 'p1', issuedAt: '2026-03-01T10:00:00Z' }
  expect(operationMessage(one, operation)).not.toBe(operationMessage(one, { ...operation, reference: 'p2' }))
})
