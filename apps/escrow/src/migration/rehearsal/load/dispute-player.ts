import {
  confirmPayout,
  escrowReaches,
  makeIntent,
  makeOffer,
  makeRequest,
  payIn,
  reaches,
  release,
  requestAt,
  ship,
} from './deal-steps.ts'
import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const path = '/api/disputes'

/** A buyer who quarrels about requests of their own, with staff that takes the disputes and settles them. */
export function disputePlayer(world: LoadWorld, buyer: LoadActor, seller: LoadActor): () => Promise<void> {
  let number = 0
  return async () => {
    number += 1
    const deal = world.random.chance(0.4) ? await paidDeal(world, buyer, seller) : null
    const purchaseRequestId = deal?.request ?? (await newRequest(world, buyer))
    if (purchaseRequestId === null) return
    const reason = `Quarrel ${process.pid}-${number}`
    const body = { purchaseRequestId, reason, description: 'Nothing came.', evidence: ['/uploads/a.png'] }
    const opened = await write(world, 'POST', path, { actor: buyer, body }, (data) =>
      idIn(data) === '' ? [] : [{ target: disputeAt(idIn(data), 'reason'), allowed: [reason] }],
    )
    await read(world, path, { actor: buyer })
    if (opened.kind !== 'done') return
    const id = idIn(opened.data)
    await read(world, `${path}/pr/${purchaseRequestId}/status`, { actor: buyer })
    const content = `Where is it? ${number}`
    await write(world, 'POST', `${path}/${id}/messages`, { actor: buyer, body: { content } }, () => [
      { target: disputeAt(id, 'messages.0.content'), allowed: [content] },
    ])
    if (deal !== null) await settleMoney(world, id, deal, buyer)
    else if (world.random.chance(0.3)) {
      await write(world, 'POST', `${path}/${id}/withdraw`, { actor: buyer }, () => [
        { target: disputeAt(id, 'status'), allowed: ['withdrawn'] },
      ])
    } else await settle(world, id)
    await read(world, `${path}/${id}`, { actor: buyer })
    await read(world, `${path}/statistics`, { actor: world.admin })
  }
}

async function newRequest(world: LoadWorld, buyer: LoadActor): Promise<string | null> {
  const { categoryId } = world
  const body = { title: 'To quarrel about', description: 'It never comes.', categoryId, isPublic: false }
  const options = { actor: buyer, body }
  const answer = await write(world, 'POST', '/api/marketplace/purchase-requests', options, () => [])
  return answer.kind === 'done' ? idIn(answer.data) : null
}

interface Deal {
  request: string
  payment: string
  /** What the staff will decide: the goods of a release are on their way. */
  outcome: 'refund' | 'release'
}

/** A request whose money is here. Null where a step was refused, or takes too long. */
async function paidDeal(world: LoadWorld, buyer: LoadActor, seller: LoadActor): Promise<Deal | null> {
  const request = await makeRequest(world, buyer)
  const offer = request && (await makeOffer(world, request, seller))
  const payment = request && offer && (await makeIntent(world, request, offer.id, buyer))
  if (!payment || !(await payIn(world, payment, offer.baseUnits))) return null
  if (!(await reaches(world, request, buyer, 'payment'))) return null
  const outcome = world.random.pick(['refund', 'release'] as const)
  if (outcome === 'release' && !(await ship(world, request, seller))) return null
  return { request, payment, outcome }
}

/** The staff decides, the money moves, the request follows it; once that was seen it must stay. */
async function settleMoney(world: LoadWorld, id: string, deal: Deal, buyer: LoadActor): Promise<void> {
  const { request, payment, outcome } = deal
  if (!(await take(world, id))) return
  if (!(await resolve(world, id, outcome === 'refund' ? 'refund' : 'no_action'))) return
  const stays = (...allowed: string[]) => world.writes.acknowledge(requestAt(request, 'status'), allowed)
  if (outcome === 'refund') {
    if (!(await escrowReaches(world, payment, 'refunding'))) return
    if (!(await confirmPayout(world, payment, 'refund'))) return
    if (await reaches(world, request, buyer, 'cancelled')) stays('cancelled')
    return
  }
  if (!(await reaches(world, request, buyer, 'completed'))) return
  stays('completed', 'seller_paid')
  if (await escrowReaches(world, payment, 'releasable')) await release(world, payment)
}

/** Where there is no money a resolution only ends the dispute; some are left for others to settle. */
async function settle(world: LoadWorld, id: string): Promise<void> {
  if (!(await take(world, id)) || world.random.chance(0.2)) return
  await resolve(world, id, 'no_action')
}

async function take(world: LoadWorld, id: string): Promise<boolean> {
  const taken = await write(world, 'POST', `${path}/${id}/assign`, { actor: world.admin, body: {} }, () => [
    { target: disputeAt(id, 'adminId'), allowed: [world.admin.id] },
  ])
  return taken.kind === 'done'
}

async function resolve(world: LoadWorld, id: string, action: 'refund' | 'no_action'): Promise<boolean> {
  const body = { action, notes: 'Decided under load.' }
  const resolved = await write(world, 'POST', `${path}/${id}/resolve`, { actor: world.admin, body }, () => [
    { target: disputeAt(id, 'resolution.action'), allowed: [action] },
  ])
  return resolved.kind === 'done'
}

const disputeAt = (id: string, place: string) => ({
  unit: 'dispute' as const,
  collection: 'disputes',
  id,
  path: place,
})
