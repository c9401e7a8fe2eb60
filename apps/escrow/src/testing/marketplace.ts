import { webhookSecret, webhookSignature } from '../domains/payment/index.ts'
import { readConfig } from '../platform/config.ts'
import { type EntityId, parseId } from '../platform/ids.ts'
import type { Units } from '../units.ts'
import { type Answer, type EscrowApp, escrowApp, signUp } from './escrow-app.ts'

export interface Person {
  id: string
  token: string
}

/** For tests: people and things of a marketplace, made over the API. */
export interface Marketplace {
  units: Units
  escrow: EscrowApp
  buyer: Person
  seller: Person
  admin: Person
  categoryId: string
}

export async function marketplace(units: Units): Promise<Marketplace> {
  const escrow = escrowApp(units)
  const person = async (role: 'buyer' | 'seller'): Promise<Person> => {
    const { id, accessToken } = await signUp(escrow, { role })
    return { id, token: accessToken }
  }
  const buyer = await person('buyer')
  const seller = await person('seller')
  const someone = await person('buyer')
  const admin = { id: someone.id, token: await escrow.tokenFor('admin', parseId(someone.id)) }
  const name = `category ${buyer.id}`
  const category = await escrow.call('POST', '/api/marketplace/categories', {
    token: admin.token,
    body: { name, nameEn: name },
  })
  return { units, escrow, buyer, seller, admin, categoryId: dataOf(category).id }
}

/** Tokens as they are needed after the clock went on. */
export async function signInAgain(market: Marketplace): Promise<void> {
  for (const role of ['buyer', 'seller', 'admin'] as const) {
    market[role].token = await market.escrow.tokenFor(role, parseId(market[role].id))
  }
}

export async function newRequest(market: Marketplace, changes: object = {}): Promise<string> {
  const { escrow, buyer, categoryId } = market
  const answer = await escrow.call('POST', '/api/marketplace/purchase-requests', {
    token: buyer.token,
    body: { title: 'a phone', description: 'a good one', categoryId, ...changes },
  })
  return dataOf(answer).id
}

export async function newOffer(
  { escrow, seller }: Marketplace,
  requestId: string,
  { amount = '100', token = seller.token }: { amount?: string; token?: string } = {},
): Promise<string> {
  const answer = await escrow.call('POST', `/api/marketplace/purchase-requests/${requestId}/offers`, {
    token,
    body: {
      title: 'an offer',
      description: 'cheap',
      price: { amount, currency: 'USDT' },
      deliveryTime: { amount: 3, unit: 'days' },
    },
  })
  return dataOf(answer).id
}

export async function newIntent(
  { escrow, buyer }: Marketplace,
  purchaseRequestId: string,
  sellerOfferId: string,
): Promise<string> {
  const answer = await escrow.call('POST', '/api/payment/intents', {
    token: buyer.token,
    body: { purchaseRequestId, sellerOfferId },
  })
  return dataOf(answer).intentId
}

function dataOf({ status, body }: Answer) {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return body.data
}

let blocks = 1000

/** A scanner's message as it goes over the wire, signed unless told otherwise. */
export async function transfer(
  { escrow }: Marketplace,
  intentId: string,
  changes: Record<string, unknown> = {},
  signature?: string,
): Promise<Answer> {
  blocks += 1
  const payload = JSON.stringify({
    intentId,
    paymentReference: intentId,
    txHash: `0x${blocks.toString(16).padStart(64, '0')}`,
    blockNumber: blocks,
    confirmations: 250,
    amount: '100000000000000000000',
    token: 'USDT',
    chainId: 56,
    status: 'confirmed',
    ...changes,
  })
  const response = await escrow.app.inject({
    method: 'POST',
    url: '/api/payment/amn-scanner/webhook',
    headers: {
      'content-type': 'application/json',
      'x-amn-signature': signature ?? signatureOf(parseId(intentId), payload),
    },
    payload,
  })
  return { status: response.statusCode, body: response.json() }
}

function signatureOf(intent: EntityId, payload: string): string {
  const { webhookSecretKey } = readConfig({ NODE_ENV: 'test' })
  return webhookSignature(webhookSecret(webhookSecretKey, intent), Buffer.from(payload))
}

/** A request whose offer is paid for and taken. */
export async function paidRequest(
  market: Marketplace,
): Promise<{ requestId: string; offerId: string; paymentId: string }> {
  const requestId = await newRequest(market)
  const offerId = await newOffer(market, requestId)
  const paymentId = await newIntent(market, requestId, offerId)
  await transfer(market, paymentId)
  await market.escrow.effects.deliverDue()
  return { requestId, offerId, paymentId }
}
