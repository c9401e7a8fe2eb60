import { createHmac, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadActor } from './http-client.ts'
import { idIn, type LoadWorld, read, write } from './load-world.ts'

export const requestsPath = '/api/marketplace/purchase-requests'
const usdt = '0x55d398326f99059ff775485246999027b3197955'
const bsc = 56
const enoughConfirmations = 250

export async function makeRequest(world: LoadWorld, buyer: LoadActor): Promise<string | null> {
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

export async function makeOffer(
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

export async function makeIntent(
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
export async function payIn(world: LoadWorld, payment: string, amount: string): Promise<boolean> {
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
export async function reaches(
  world: LoadWorld,
  request: string,
  actor: LoadActor,
  status: string,
): Promise<boolean> {
  return comesTo(world, `${requestsPath}/${request}`, actor, (data) => data.status === status)
}

/** Waits until an effect has brought the payment's escrow where it is expected. */
export async function escrowReaches(
  world: LoadWorld,
  payment: string,
  escrowState: string,
): Promise<boolean> {
  return comesTo(world, `/api/payment/${payment}`, world.admin, (data) => data.escrowState === escrowState)
}

async function comesTo(
  world: LoadWorld,
  path: string,
  actor: LoadActor,
  isThere: (data: Record<string, unknown>) => boolean,
): Promise<boolean> {
  for (let asked = 0; asked < 20 && !world.stopped; asked += 1) {
    const answer = await read(world, path, { actor })
    if (answer.kind === 'done' && isThere(answer.data)) return true
    await sleep(300)
  }
  return false
}

export async function ship(world: LoadWorld, request: string, seller: LoadActor): Promise<boolean> {
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

/** Pays the seller. */
export async function release(world: LoadWorld, payment: string): Promise<void> {
  const started = await write(
    world,
    'POST',
    `/api/payment/${payment}/release`,
    { actor: world.admin, body: {} },
    () => [],
  )
  if (started.kind !== 'done') return
  await confirmPayout(world, payment, 'release')
}

/** The signer's transaction is there: what was on its way has arrived. */
export async function confirmPayout(
  world: LoadWorld,
  payment: string,
  direction: 'release' | 'refund',
): Promise<boolean> {
  const body = { transactionHash: `0x${randomBytes(32).toString('hex')}` }
  const url = `/api/payment/${payment}/${direction}/confirm`
  const answer = await write(world, 'POST', url, { actor: world.admin, body }, () => [
    {
      target: paymentAt(payment, 'escrowState'),
      allowed: [direction === 'release' ? 'released' : 'refunded'],
    },
  ])
  return answer.kind === 'done'
}

export const requestAt = (id: string, path: string) => ({
  unit: 'request' as const,
  collection: 'purchaserequests',
  id,
  path,
})
export const offerAt = (id: string, path: string) => ({
  unit: 'request' as const,
  collection: 'selleroffers',
  id,
  path,
})
export const paymentAt = (id: string, path: string) => ({
  unit: 'payment' as const,
  collection: 'payments',
  id,
  path,
})
