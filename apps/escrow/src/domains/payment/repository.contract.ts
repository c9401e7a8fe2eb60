import { expect, test } from 'vitest'
import { newId, publicId } from '../../platform/ids.ts'
import { parseAmount } from '../../platform/money.ts'
import { entityReference } from '../../platform/reference.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { PaymentRepositories } from '../../units.ts'
import type { NewPayment } from './model.ts'

type Store = UnitStore<PaymentRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-01T11:00:00.456Z')

export function examplePayment(changes: Partial<NewPayment> = {}): NewPayment {
  const id = newId(at)
  const amount = changes.amount ?? parseAmount('120.500000000000000001')
  return {
    id,
    purchaseRequestId: newId(),
    sellerOfferId: newId(),
    buyerId: newId(),
    sellerId: newId(),
    amount,
    currency: 'USDT',
    provider: 'amn.scanner',
    providerPaymentId: publicId(id),
    chainId: 56,
    token: '0x55d398326f99059ff775485246999027b3197955',
    tokenDecimals: 18,
    quote: {
      amount,
      currency: 'USDT',
      rate: parseAmount('1'),
      source: 'par',
      priceVersion: 1,
      quotedAt: at,
      expiresAt: later,
    },
    expiresAt: later,
    at,
    ...changes,
  }
}

/** What every implementation of `PaymentRepository` must do. */
export function paymentRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const insert = (store: Store, ...all: NewPayment[]) =>
    store.transaction(async ({ payments }) => {
      for (const one of all) await payments.insert(one)
    })

  test('a payment comes back as it was stored, its quote with it', async () => {
    const store = await freshStore()
    const payment = examplePayment()
    await insert(store, payment)
    expect(await store.read.payments.find(payment.id)).toEqual({
      id: payment.id,
      purchaseRequest: entityReference(payment.purchaseRequestId),
      sellerOffer: entityReference(payment.sellerOfferId),
      buyerId: payment.buyerId,
      seller: entityReference(payment.sellerId),
      amount: payment.amount,
      currency: 'USDT',
      provider: 'amn.scanner',
      providerPaymentId: payment.providerPaymentId,
      direction: 'in',
      status: 'pending',
      escrowState: 'none',
      disputed: null,
      chain: {
        chainId: 56,
        token: payment.token,
        tokenDecimals: 18,
        transactionHash: null,
        logIndex: null,
        recipient: null,
        blockNumber: null,
        blockHash: null,
        confirmations: null,
      },
      quote: payment.quote,
      expiresAt: later,
      confirmedAt: null,
      receivedAmount: null,
      matching: null,
      ledgerComplete: true,
      origin: 'app',
      createdAt: at,
      updatedAt: at,
    })
  })

  test('many are found at once; unknown ids are left out', async () => {
    const store = await freshStore()
    const [one, two] = [examplePayment(), examplePayment()]
    await insert(store, one, two)
    const found = await store.read.payments.findMany([two.id, newId(), one.id])
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([one.id, two.id]))
    expect(found.every(({ quote }) => quote !== null)).toBe(true)
    expect(await store.read.payments.findMany([])).toEqual([])
  })

  test('a patch changes what it names', async () => {
    const store = await freshStore()
    const payment = examplePayment()
    await insert(store, payment)
    const patch = {
      status: 'confirmed',
      escrowState: 'funded',
      receivedAmount: parseAmount('120.5'),
      matching: 'under',
      confirmedAt: later,
    } as const
    const chain = { transactionHash: '0xabc', logIndex: 3, blockNumber: '4200000000', confirmations: 201 }
    await store.transaction(({ payments }) => payments.update(payment.id, { ...patch, ...chain }, later))
    const found = await store.read.payments.find(payment.id)
    expect(found).toMatchObject({ ...patch, chain, amount: payment.amount, updatedAt: later })
  })

  test('buyer, request and offer have one open pay-in, and a new one when that has ended', async () => {
    const store = await freshStore()
    const first = examplePayment()
    const { buyerId, purchaseRequestId, sellerOfferId } = first
    const second = examplePayment({ buyerId, purchaseRequestId, sellerOfferId })
    const open = () => store.read.payments.findOpenPayin(buyerId, purchaseRequestId, sellerOfferId)
    await insert(store, first)
    expect((await open())?.id).toBe(first.id)
    await expect(insert(store, second)).rejects.toMatchObject({ code: 'OPEN_PAYIN_EXISTS' })
    await store.transaction(({ payments }) => payments.update(first.id, { status: 'expired' }, later))
    expect(await open()).toBeNull()
    await insert(store, second)
    expect((await open())?.id).toBe(second.id)
  })

  test('a transfer belongs to one payment; another log index is another transfer', async () => {
    const store = await freshStore()
    const [one, two] = [examplePayment(), examplePayment()]
    await insert(store, one, two)
    const transfer = (logIndex: number) => ({ transactionHash: '0xfeed', logIndex })
    await store.transaction(({ payments }) => payments.update(one.id, transfer(0), later))
    const again = store.transaction(({ payments }) => payments.update(two.id, transfer(0), later))
    await expect(again).rejects.toMatchObject({ code: 'TRANSACTION_ALREADY_CREDITED' })
    await store.transaction(({ payments }) => payments.update(two.id, transfer(1), later))
  })

  test('lists are filtered, newest first', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const [old, young] = [examplePayment({ buyerId }), examplePayment({ buyerId, at: later })]
    await insert(store, old, young, examplePayment())
    await store.transaction(({ payments }) => payments.update(old.id, { status: 'processing' }, later))
    const ids = async (filter: Parameters<Store['read']['payments']['list']>[0]) =>
      (await store.read.payments.list(filter, { limit: 10, offset: 0 })).map(({ id }) => id)
    expect(await ids({ buyerId })).toEqual([young.id, old.id])
    expect(await ids({ buyerId, status: 'processing' })).toEqual([old.id])
    expect(await ids({ sellerId: young.sellerId })).toEqual([young.id])
    expect(await ids({ purchaseRequest: entityReference(old.purchaseRequestId) })).toEqual([old.id])
    expect(await ids({ provider: 'shkeeper' })).toEqual([])
    expect(await store.read.payments.count({ buyerId })).toBe(2)
  })

  test('volumes are exact', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const amounts = ['0.1', '0.2', '0.000000000000000001', '10000000000000000000'].map(parseAmount)
    await insert(store, ...amounts.map((amount) => examplePayment({ buyerId, amount })))
    await insert(store, examplePayment({ buyerId, amount: parseAmount('7'), currency: 'USDC' }))
    expect(await store.read.payments.volumes({ buyerId })).toEqual([
      { status: 'pending', currency: 'USDC', count: 1, amount: '7' },
      { status: 'pending', currency: 'USDT', count: 4, amount: '10000000000000000000.300000000000000001' },
    ])
    expect(await store.read.payments.volumes({ buyerId: newId() })).toEqual([])
  })

  test('volumes of a period are by day of UTC, provider and currency, the end left out', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const payment = (time: string, amount: string, currency = 'USDT') =>
      examplePayment({ buyerId, at: new Date(time), amount: parseAmount(amount), currency })
    await insert(
      store,
      payment('2026-03-01T23:59:59.999Z', '0.1'),
      payment('2026-03-01T00:00:00.000Z', '0.2'),
      payment('2026-03-02T00:00:00.000Z', '4'),
      payment('2026-03-02T12:00:00.000Z', '1', 'USDC'),
      payment('2026-03-03T00:00:00.000Z', '9'),
    )
    const period = { from: new Date('2026-03-01T00:00:00.000Z'), to: new Date('2026-03-03T00:00:00.000Z') }
    const provider = 'amn.scanner'
    expect(await store.read.payments.dailyVolumes(period, { buyerId })).toEqual([
      { day: '2026-03-01', provider, currency: 'USDT', count: 2, amount: '0.3' },
      { day: '2026-03-02', provider, currency: 'USDC', count: 1, amount: '1' },
      { day: '2026-03-02', provider, currency: 'USDT', count: 1, amount: '4' },
    ])
    expect(await store.read.payments.dailyVolumes(period, { buyerId: newId() })).toEqual([])
  })

  test('two transactions never decide on the same state of a payment', async () => {
    const store = await freshStore()
    const payment = examplePayment()
    await insert(store, payment)
    const attempt = () =>
      store.transaction(async ({ payments }) => {
        const held = await payments.findForUpdate(payment.id)
        if (held?.escrowState !== 'none') return false
        await payments.update(payment.id, { escrowState: 'funded' }, later)
        return true
      })
    const won = await Promise.all([attempt(), attempt(), attempt()])
    expect(won.filter(Boolean)).toHaveLength(1)
  })

  test('what it asks its store does not grow with the number of payments', async () => {
    const store = await freshStore()
    const buyerId = newId()
    const all = Array.from({ length: 9 }, () => examplePayment({ buyerId }))
    const { payments } = store.read
    const period = { from: at, to: later }
    const counts = async () => [
      await count(() => payments.findMany(all.map(({ id }) => id))),
      await count(() => payments.list({ buyerId }, { limit: 50, offset: 0 })),
      await count(() => payments.count({ buyerId })),
      await count(() => payments.volumes({ buyerId })),
      await count(() => payments.dailyVolumes(period, { buyerId })),
    ]
    await insert(store, ...all.slice(0, 1))
    const ofOne = await counts()
    // Quotes may have a table of their own.
    expect(Math.max(...ofOne)).toBeLessThanOrEqual(2)
    await insert(store, ...all.slice(1))
    expect(await counts()).toEqual(ofOne)
  })
}
