import { expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { parseAmount } from '../../platform/money.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { DisputeRepositories } from '../../units.ts'
import type { NewDispute } from './model.ts'

type Store = UnitStore<DisputeRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = new Date('2026-03-02T11:00:00.456Z')
const page = { limit: 10, offset: 0 }

export function exampleDispute(changes: Partial<NewDispute> = {}): NewDispute {
  const buyerId = newId()
  return {
    id: newId(at),
    purchaseRequestId: newId(),
    buyerId,
    sellerId: newId(),
    openedBy: buyerId,
    paymentId: newId(),
    reason: 'کالا نرسید',
    description: 'The box was empty. 📦',
    priority: 'high',
    category: 'wrong_item',
    evidence: [{ type: 'image', url: '/uploads/a.png', description: null, uploadedBy: buyerId, at }],
    timeline: [{ action: 'created', performedBy: buyerId, details: null, at }],
    responseDeadline: later,
    deadline: later,
    at,
    ...changes,
  }
}

/** What every implementation of `DisputeRepository` must do. */
export function disputeRepositoryContract(
  fresh: () => Promise<{ store: Store; count: CountStatements }>,
): void {
  const insert = (store: Store, ...all: NewDispute[]) =>
    store.transaction(async ({ disputes }) => {
      for (const one of all) await disputes.insert(one)
    })
  const moveTo = (store: Store, { id }: NewDispute, status: string) =>
    store.transaction(({ disputes }) => disputes.update(id, { status }, later))

  test('a dispute comes back as it was stored', async () => {
    const { store } = await fresh()
    const dispute = exampleDispute()
    await insert(store, dispute)
    const { at: _at, ...fields } = dispute
    expect(await store.read.disputes.find(dispute.id)).toEqual({
      ...fields,
      adminId: null,
      status: 'pending',
      messages: [],
      resolution: null,
      chat: null,
      createdAt: at,
      updatedAt: at,
    })
    expect(await store.read.disputes.find(newId())).toBeNull()
  })

  test('a request has one open dispute, and another once that has ended', async () => {
    const { store } = await fresh()
    const first = exampleDispute()
    const { purchaseRequestId } = first
    await insert(store, first)
    const second = exampleDispute({ purchaseRequestId })
    await expect(insert(store, second)).rejects.toMatchObject({ code: 'DISPUTE_ALREADY_OPEN' })
    expect((await store.read.disputes.findOpen(purchaseRequestId))?.id).toBe(first.id)
    await moveTo(store, first, 'withdrawn')
    expect(await store.read.disputes.findOpen(purchaseRequestId)).toBeNull()
    await insert(store, second)
    expect((await store.read.disputes.findOpen(purchaseRequestId))?.id).toBe(second.id)
  })

  test('of two disputes opened at once one is refused', async () => {
    const { store } = await fresh()
    const purchaseRequestId = newId()
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => insert(store, exampleDispute({ purchaseRequestId }))),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await store.read.disputes.count({ purchaseRequestId })).toBe(1)
  })

  test('a patch changes what it names; lists grow at their end', async () => {
    const { store } = await fresh()
    const dispute = exampleDispute()
    await insert(store, dispute)
    const adminId = newId()
    const resolution = {
      action: 'refund',
      amount: parseAmount('12345678901234567.000000000000000001'),
      currency: 'USDT',
      notes: null,
      resolvedBy: adminId,
      resolvedAt: later,
    } as const
    const entry = { action: 'assigned', performedBy: adminId, details: 'because', at: later }
    const message = { senderId: adminId, content: 'سلام 👋', at: later }
    const proof = { type: 'video', url: '/v', description: 'd', uploadedBy: adminId, at: later } as const
    await store.transaction(async ({ disputes }) => {
      await disputes.update(dispute.id, { status: 'in_progress', adminId }, later)
      await disputes.append(dispute.id, 'timeline', entry, later)
      await disputes.append(dispute.id, 'messages', message, later)
      await disputes.append(dispute.id, 'messages', message, later)
      await disputes.append(dispute.id, 'evidence', proof, later)
    })
    await store.transaction(({ disputes }) =>
      disputes.update(dispute.id, { status: 'resolved', resolution }, later),
    )
    expect(await store.read.disputes.find(dispute.id)).toMatchObject({
      status: 'resolved',
      adminId,
      reason: dispute.reason,
      evidence: [...dispute.evidence, proof],
      timeline: [...dispute.timeline, entry],
      messages: [message, message],
      resolution,
      createdAt: at,
      updatedAt: later,
    })
  })

  test('parties find their own, staff by its words, newest first', async () => {
    const { store } = await fresh()
    const partyId = newId()
    const old = exampleDispute({ buyerId: partyId, at })
    const young = exampleDispute({ sellerId: partyId, priority: 'low', category: 'other', at: later })
    await insert(store, old, young, exampleDispute())
    const { disputes } = store.read
    const ids = async (filter: Parameters<typeof disputes.list>[0], limit = 10, offset = 0) =>
      (await disputes.list(filter, { limit, offset })).map(({ id }) => id)
    expect(await ids({ partyId })).toEqual([young.id, old.id])
    expect(await ids({ partyId }, 1, 1)).toEqual([old.id])
    expect(await ids({ partyId, priority: 'low' })).toEqual([young.id])
    expect(await ids({ category: 'other' })).toEqual([young.id])
    expect(await disputes.count({ status: 'pending' })).toBe(3)
    expect(await disputes.count({ status: 'closed' })).toBe(0)
    expect(await disputes.count({ purchaseRequestId: old.purchaseRequestId })).toBe(1)
  })

  test('disputes are counted by status and priority, and their time is measured by category', async () => {
    const { store } = await fresh()
    expect(await store.read.disputes.countByStatusAndPriority()).toEqual([])
    expect(await store.read.disputes.timeToResolve()).toEqual([])
    const slow = exampleDispute({ category: 'other' })
    const quick = exampleDispute({ category: 'other' })
    await insert(store, slow, quick, exampleDispute({ priority: 'low' }))
    const resolve = (dispute: NewDispute, ms: number) =>
      store.transaction(async ({ disputes }) => {
        const resolution = {
          action: 'no_action',
          amount: null,
          currency: null,
          notes: null,
          resolvedBy: newId(),
          resolvedAt: new Date(at.getTime() + ms),
        } as const
        await disputes.update(dispute.id, { status: 'in_progress' }, later)
        await disputes.update(dispute.id, { status: 'resolved', resolution }, later)
      })
    await resolve(slow, 3_000)
    await resolve(quick, 1_001)
    const { disputes } = store.read
    expect(await disputes.countByStatusAndPriority()).toEqual([
      { status: 'pending', priority: 'low', count: 1 },
      { status: 'resolved', priority: 'high', count: 2 },
    ])
    expect(await disputes.timeToResolve()).toEqual([{ category: 'other', count: 2, meanMs: 2_000 }])
  })

  test('a list asks as often for many disputes as for one', async () => {
    const { store, count } = await fresh()
    const partyId = newId()
    await insert(store, ...Array.from({ length: 6 }, () => exampleDispute({ buyerId: partyId })))
    const { disputes } = store.read
    const one = await count(() => disputes.list({ partyId }, { limit: 1, offset: 0 }))
    expect(await count(() => disputes.list({ partyId }, page))).toBe(one)
    expect(await count(() => disputes.count({ partyId }))).toBe(one)
    expect(await count(() => disputes.countByStatusAndPriority())).toBe(one)
    expect(await count(() => disputes.timeToResolve())).toBe(one)
  })
}
