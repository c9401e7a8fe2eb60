import {
  makeIntent,
  makeOffer,
  makeRequest,
  offerAt,
  payIn,
  reaches,
  release,
  requestAt,
  requestsPath,
  ship,
} from './deal-steps.ts'
import type { LoadActor } from './http-client.ts'
import { type LoadWorld, read, write } from './load-world.ts'

/** A buyer and a seller who make one deal after the other, each from the request to the payout. */
export function dealPlayer(world: LoadWorld, buyer: LoadActor, seller: LoadActor): () => Promise<void> {
  let deal = dealOf(world, buyer, seller)
  return async () => {
    if ((await deal.next()).done === true) deal = dealOf(world, buyer, seller)
  }
}

/** One deal, step by step. It is given up where a step is refused or its outcome is unknown. */
async function* dealOf(world: LoadWorld, buyer: LoadActor, seller: LoadActor): AsyncGenerator<void, void> {
  const request = await makeRequest(world, buyer)
  if (request === null) return
  yield
  await read(world, requestsPath, { actor: buyer })
  const offer = await makeOffer(world, request, seller)
  if (offer === null) return
  yield
  if (world.random.chance(0.1)) return cancel(world, request, buyer)
  const payment = await makeIntent(world, request, offer.id, buyer)
  if (payment === null) return
  yield
  // Money that comes for an offer that is gone must come back: the refusal of an effect is part of the load.
  if (world.random.chance(0.1)) await withdraw(world, offer.id, seller)
  if (!(await payIn(world, payment, offer.baseUnits))) return
  yield
  await read(
    world,
    world.random.pick(['/api/payment', '/api/payment/statistics', `/api/payment/${payment}`]),
    { actor: buyer },
  )
  if (!(await reaches(world, request, buyer, 'payment'))) return
  if (!(await ship(world, request, seller))) return
  yield
  if (!(await deliver(world, request, buyer, seller))) return
  yield
  if (!(await complete(world, request, buyer))) return
  yield
  await release(world, payment)
}

async function cancel(world: LoadWorld, request: string, buyer: LoadActor): Promise<void> {
  await write(
    world,
    'POST',
    `${requestsPath}/${request}/cancel`,
    { actor: buyer, body: { reason: 'changed my mind' } },
    () => [{ target: requestAt(request, 'status'), allowed: ['cancelled'] }],
  )
}

async function withdraw(world: LoadWorld, offer: string, seller: LoadActor): Promise<void> {
  await write(world, 'POST', `/api/marketplace/offers/${offer}/withdraw`, { actor: seller }, () => [
    { target: offerAt(offer, 'status'), allowed: ['withdrawn'] },
  ])
}

async function deliver(
  world: LoadWorld,
  request: string,
  buyer: LoadActor,
  seller: LoadActor,
): Promise<boolean> {
  if (world.random.chance(0.3)) {
    const confirmed = await write(
      world,
      'POST',
      `${requestsPath}/${request}/confirm-delivery`,
      { actor: buyer },
      () => [],
    )
    return confirmed.kind === 'done'
  }
  const generated = await write(
    world,
    'POST',
    `${requestsPath}/${request}/delivery-code/generate`,
    { actor: buyer },
    () => [],
  )
  if (generated.kind !== 'done') return false
  const verified = await write(
    world,
    'POST',
    `${requestsPath}/${request}/delivery-code/verify`,
    { actor: seller, body: { code: generated.data.code } },
    () => [{ target: requestAt(request, 'deliveryInfo.deliveryCodeUsed'), allowed: [true] }],
  )
  return verified.kind === 'done'
}

async function complete(world: LoadWorld, request: string, buyer: LoadActor): Promise<boolean> {
  const answer = await write(world, 'POST', `${requestsPath}/${request}/complete`, { actor: buyer }, () => [
    { target: requestAt(request, 'status'), allowed: ['completed', 'seller_paid'] },
  ])
  return answer.kind === 'done'
}
