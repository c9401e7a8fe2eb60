import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { addAmounts, compareAmounts, parseAmount, zeroAmount } from '../../platform/money.ts'
import { ledgerBalance, overdrawn, type Posting } from './ledger-balance.ts'
import { type LedgerKind, ledgerKinds } from './vocabulary.ts'

function posting(kind: LedgerKind, amount: string, more: Partial<Posting> = {}): Posting {
  return {
    id: newId(),
    kind,
    amount: parseAmount(amount),
    currency: 'USDT',
    direction: null,
    reversesEntryId: null,
    ...more,
  }
}

test('a release takes its fee, is on its way, and arrives', () => {
  const entries = [posting('payin', '100')]
  expect(ledgerBalance(entries, 'USDT')).toMatchObject({ available: '100' })
  entries.push(posting('platform_fee', '2.5'), posting('release_init', '97.5'))
  expect(ledgerBalance(entries, 'USDT')).toMatchObject({ available: '0', fees: '2.5', releasing: '97.5' })
  entries.push(posting('release_confirm', '97.5'))
  expect(ledgerBalance(entries, 'USDT')).toMatchObject({ releasing: '0', released: '97.5' })
})

test('a reversal moves back exactly what it reverses', () => {
  const fee = posting('platform_fee', '2.5')
  const back = posting('reversal', '2.5', { reversesEntryId: fee.id, direction: 'credit' })
  expect(ledgerBalance([posting('payin', '100'), fee, back], 'USDT')).toMatchObject({
    available: '100',
    fees: '0',
  })
})

test('what cannot be understood is no balance', () => {
  expect(ledgerBalance([posting('payin', '1', { kind: 'bonus' })], 'USDT')).toBeNull()
  expect(ledgerBalance([posting('payin', '1', { amount: null })], 'USDT')).toBeNull()
  expect(ledgerBalance([posting('payin', '1', { currency: null })], 'USDT')).toBeNull()
  expect(ledgerBalance([posting('adjustment', '1')], 'USDT')).toBeNull()
  expect(ledgerBalance([posting('reversal', '1', { reversesEntryId: newId() })], 'USDT')).toBeNull()
})

test('other currencies are other money', () => {
  const entries = [posting('payin', '1'), posting('payin', '5', { currency: 'USDC' })]
  expect(ledgerBalance(entries, 'USDT')).toMatchObject({ available: '1' })
})

test('more taken than there is names the bucket', () => {
  const balance = ledgerBalance(
    [posting('payin', '1'), posting('refund_init', '1.000000000000000001')],
    'USDT',
  )
  expect(balance && overdrawn(balance)).toBe('available')
})

const amount = fc.bigInt({ min: 1n, max: 10n ** 24n }).map((units) => {
  const digits = units.toString().padStart(19, '0')
  return parseAmount(`${digits.slice(0, -18)}.${digits.slice(-18)}`)
})
const kinds = ledgerKinds.filter((kind) => kind !== 'reversal' && kind !== 'adjustment')

test('money is moved and never made: all buckets together are what came in', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...kinds), amount), { maxLength: 40 }), (moves) => {
      const balance = ledgerBalance(
        moves.map(([kind, value]) => posting(kind, value)),
        'USDT',
      )
      const paidIn = moves.filter(([kind]) => kind === 'payin').map(([, value]) => value)
      expect(balance && addAmounts(...Object.values(balance))).toBe(addAmounts(zeroAmount, ...paidIn))
    }),
  )
})

test('the order of entries does not matter', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(...kinds), amount), { maxLength: 20 }), (moves) => {
      const entries = moves.map(([kind, value]) => posting(kind, value))
      const forwards = ledgerBalance(entries, 'USDT')
      const backwards = ledgerBalance([...entries].reverse(), 'USDT')
      expect(backwards).toEqual(forwards)
      expect(forwards === null || compareAmounts(forwards.fees, zeroAmount) >= 0).toBe(true)
    }),
  )
})
