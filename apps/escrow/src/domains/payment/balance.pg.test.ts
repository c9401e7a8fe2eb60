import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EntityId, newId } from '../../platform/ids.ts'
import { parseAmount } from '../../platform/money.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import type { NewLedgerEntry } from './ledger.model.ts'
import { exampleEntry } from './ledger.repository.contract.ts'
import { ledgerBalance, overdrawn } from './ledger-balance.ts'
import { examplePayment } from './repository.contract.ts'
import { ledgerKinds } from './vocabulary.ts'

let database: EscrowDatabase
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

async function freshPayment(): Promise<EntityId> {
  const payment = examplePayment()
  await database.units.payment.transaction(({ payments }) => payments.insert(payment))
  return payment.id
}

const append = (entry: NewLedgerEntry) =>
  database.units.payment.transaction(({ ledger }) => ledger.append(entry))

const kinds = ledgerKinds.filter((kind) => kind !== 'reversal')
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom(...kinds),
    amount: fc.integer({ min: 1, max: 9 }),
    credit: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
)

test('the database refuses an entry exactly when a bucket would fall below zero', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const paymentId = await freshPayment()
      const entries: NewLedgerEntry[] = []
      for (const { kind, amount, credit } of [{ kind: 'payin' as const, amount: 5, credit: true }, ...all]) {
        const direction = kind === 'adjustment' ? (credit ? 'credit' : 'debit') : null
        const entry = exampleEntry(paymentId, { kind, amount: parseAmount(String(amount)), direction })
        const balance = ledgerBalance([...entries, entry], 'USDT')
        const isSound = balance !== null && overdrawn(balance) === null
        const refusal = await append(entry).then(
          () => null,
          (error: { code?: string }) => error.code,
        )
        expect(refusal).toBe(isSound ? null : 'LEDGER_OVERDRAWN')
        if (isSound) entries.push(entry)
      }
    }),
    { numRuns: 15 },
  )
})

test('a reversal counts against what it reverses', async () => {
  const paymentId = await freshPayment()
  const payin = exampleEntry(paymentId)
  await append(payin)
  await append(exampleEntry(paymentId, { kind: 'hold' }))
  const reversal = exampleEntry(paymentId, {
    kind: 'reversal',
    direction: 'debit',
    reversesEntryId: payin.id,
  })
  await expect(append(reversal)).rejects.toMatchObject({ code: 'LEDGER_OVERDRAWN' })
  await append(exampleEntry(paymentId, { kind: 'unhold' }))
  await append(reversal)
})

test('two entries at once never take the same money', async () => {
  const paymentId = await freshPayment()
  await append(exampleEntry(paymentId))
  const take = () => append(exampleEntry(paymentId, { id: newId(), kind: 'refund_init' }))
  const taken = await Promise.allSettled([take(), take(), take(), take()])
  expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
})

test('payments older than the ledger are not bound', async () => {
  const paymentId = await freshPayment()
  await database.pool.query('update payments set ledger_complete = null where id = $1', [paymentId])
  await append(exampleEntry(paymentId, { kind: 'release_confirm' }))
})
