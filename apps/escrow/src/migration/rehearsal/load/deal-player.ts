import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

const requestsPath = '/api/marketplace/purchase-requests'
const usdt = '0x55d398326f99059ff775485246999027b3197955'
const bsc = 56
const enoughConfirmations = 250

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

async function makeRequest(world: LoadWorld, buyer: LoadActor): Promise<string | null> {
  const title = `Wanted ${randomBytes(4).toString('hex')}`
  const body = {
    title,
    description: 'made under load',
    categoryId: world.categoryId,
    budget: { min: '1', max: '500.5', currency: 'USDT' },
    tags: ['load', 'test'],
    specifications: [{ key: 'colour', value: 'blue' }],
  }
  const answer = await write(world, 'POST', requestsPath, { actor: buyer, body }, (data) =>
    idIn(data) === '' ? [] : [{ target: requestAt(idIn(data), 'title'), allowed: [title] }],
  )
  return answer.kind === 'done' ? idIn(answer.data) : null
}

async function makeOffer(
  world: LoadWorld,
  request: string,
  seller: LoadActor,
): Promise<{ id: string; baseUnits: string } | null> {
  const cents = world.random.int(101, 49_999)
  const amount = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
  const body = {
    title: 'I have it',
    description: 'as good as new',
    price: { amount, currency: 'USDT' },
    deliveryTime: { amount: 3, unit: 'days' },
  }
  const answer = await write(
    world,
    'POST',
    `${requestsPath}/${request}/offers`,
    { actor: seller, body },
    (data) => (idIn(data) === '' ? [] : [{ target: offerAt(idIn(data), 'price.amount'), allowed: [amount] }]),
  )
  return answer.kind === 'done' ? { id: idIn(answer.data), baseUnits: `${BigInt(cents) * 10n ** 16n}` } : null
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

async function makeIntent(
  world: LoadWorld,
  request: string,
  offer: string,
  buyer: LoadActor,
): Promise<string | null> {
  const body = { purchaseRequestId: request, sellerOfferId: offer, chainId: bsc, token: 'USDT' }
  const answer = await write(world, 'POST', '/api/payment/intents', { actor: buyer, body }, (data) =>
    idIn(data) === '' ? [] : [{ target: paymentAt(idIn(data), 'amount.currency'), allowed: ['USDT'] }],
  )
  return answer.kind === 'done' ? idIn(answer.data) : null
}

/** Plays the scanner: signed over the very bytes, and now and then sent twice. */
async function payIn(world: LoadWorld, payment: string, amount: string): Promise<boolean> {
  const txHash = `0x${randomBytes(32).toString('hex')}`
  const body = JSON.stringify({
    intentId: payment,
    txHash,
    blockNumber: 40_000_000,
    confirmations: enoughConfirmations,
    amount,
    token: usdt,
    chainId: bsc,
    status: 'confirmed',
  })
  const secret = createHmac('sha256', world.webhookSecretKey).update(`amn-scanner:${payment}`).digest('hex')
  const headers = { 'x-amn-signature': createHmac('sha256', secret).update(body).digest('hex') }
  const send = () =>
    write(world, 'POST', '/api/payment/amn-scanner/webhook', { body, headers }, () => [
      { target: paymentAt(payment, 'blockchain.transactionHash'), allowed: [txHash] },
    ])
  const answer = await send()
  if (world.random.chance(0.2)) await send()
  return answer.kind === 'done'
}

/** Waits until an effect has moved the request; effects are delivered soon, not at once. */
async function reaches(
  world: LoadWorld,
  request: string,
  buyer: LoadActor,
  status: string,
): Promise<boolean> {
  for (let asked = 0; asked < 20 && !world.stopped; asked += 1) {
    const answer = await read(world, `${requestsPath}/${request}`, { actor: buyer })
    if (answer.kind === 'done' && answer.data.status === status) return true
    await sleep(300)
  }
  return false
}

async function ship(world: LoadWorld, request: string, seller: LoadActor): Promise<boolean> {
  const trackingNumber = `T${world.random.int(10_000, 99_999)}`
  const body = { carrier: 'post', trackingNumber }
  const answer = await write(
    world,
    'PUT',
    `${requestsPath}/${request}/delivery`,
    { actor: seller, body },
    () => [
      { target: requestAt(request, 'trackingEvents.0.description'), allowed: [`post · ${trackingNumber}`] },
    ],
  )
  return answer.kind === 'done'
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

async function release(world: LoadWorld, payment: string): Promise<void> {
  const started = await write(
    world,
    'POST',
    `/api/payment/${payment}/release`,
    { actor: world.admin, body: {} },
    () => [],
  )
  if (started.kind !== 'done') return
  const body = { transactionHash: `0x${randomBytes(32).toString('hex')}` }
  await write(world, 'POST', `/api/payment/${payment}/release/confirm`, { actor: world.admin, body }, () => [
    { target: paymentAt(payment, 'escrowState'), allowed: ['released'] },
  ])
}

const requestAt = (id: string, path: string) => ({
  unit: 'request' as const,
  collection: 'purchaserequests',
  id,
  path,
})
const offerAt = (id: string, path: string) => ({
  unit: 'request' as const,
  collection: 'selleroffers',
  id,
  path,
})
const paymentAt = (id: string, path: string) => ({
  unit: 'payment' as const,
  collection: 'payments',
  id,
  path,
})
