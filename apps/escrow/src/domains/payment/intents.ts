import type { Actor } from '../../platform/auth-guard.ts'
import { after, type Clock, MINUTE } from '../../platform/clock.ts'
import { DomainError, notFound } from '../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import { type Amount, isPositive, parseAmount } from '../../platform/money.ts'
import type { Units } from '../../units.ts'
import { isStanding, type SellerOffer } from '../marketplace/offer/index.ts'
import {
  awaitingPayment,
  isOneOf,
  openForOffers,
  type RequestReadModel,
} from '../marketplace/request/index.ts'
import { baseUnitsOf } from './base-units.ts'
import { notPayable, unknownToken } from './errors.ts'
import type { NewIntentInput } from './input.ts'
import type { NewPayment, Payment } from './model.ts'
import { type Token, tokenOf } from './tokens.ts'

export interface Intent {
  payment: Payment
  /** Whether it is the open one that was there already. */
  reused: boolean
}

export interface Intents {
  /**
   * The one open pay-in of this buyer for this offer: made, or found. The price is frozen in it. Raises NOT_FOUND,
   * NOT_PAYABLE, TOKEN_NOT_SUPPORTED.
   */
  createIntent(buyer: Actor, input: NewIntentInput): Promise<Intent>
}

/** Prices in dollars are paid in dollar tokens, one to one; other currencies need a rate that nobody quotes yet. */
const paidWith: Record<string, string> = { USDT: 'USDT', USDC: 'USDC', USD: 'USDT' }

interface Payable {
  requestId: EntityId
  offer: SellerOffer
  sellerId: EntityId
  amount: Amount
  currency: string
}

export function createIntents(options: {
  units: Pick<Units, 'payment'>
  requests: RequestReadModel
  clock: Clock
  paymentIntentMinutes: number
}): Intents {
  const { units, requests, clock, paymentIntentMinutes } = options

  async function payable(buyer: Actor, input: NewIntentInput): Promise<Payable> {
    const { purchaseRequestId: requestId, sellerOfferId: offerId } = input
    const request = (await requests.requests([requestId])).get(requestId)
    if (request === undefined || request.buyerId !== buyer.id) {
      throw notFound('purchase request', publicId(requestId))
    }
    const offer = (await requests.offers([offerId])).get(offerId)
    if (offer === undefined || offer.purchaseRequestId !== requestId)
      throw notFound('offer', publicId(offerId))
    const isOpen = isOneOf(awaitingPayment, request.status) || isOneOf(openForOffers, request.status)
    if (!isOpen) throw notPayable(`The purchase request is ${request.status}.`)
    if (!isStanding(offer.status)) throw notPayable(`The offer is ${offer.status}.`)
    const isOver = offer.validUntil !== null && offer.validUntil <= clock.now()
    if (isOver) throw notPayable('The offer is not valid any more.')
    const { amount, currency } = offer.price
    if (amount === null || !isPositive(amount) || currency === null || offer.sellerId === null) {
      throw notPayable('The offer has no readable price.')
    }
    return { requestId, offer, sellerId: offer.sellerId, amount, currency }
  }

  return {
    async createIntent(buyer, input) {
      const bought = await payable(buyer, input)
      const token = tokenFor(bought.currency, input)
      if (baseUnitsOf(bought.amount, token.decimals) === null) {
        throw notPayable(`${token.symbol} on chain ${token.chainId} has ${token.decimals} decimals only.`)
      }
      const attempt = () =>
        units.payment.transaction(async ({ payments }): Promise<Intent> => {
          const at = clock.now()
          const open = await payments.findOpenPayin(buyer.id, bought.requestId, bought.offer.id)
          const held = open === null ? null : await payments.findForUpdate(open.id)
          if (held !== null && !isOver(held, at)) return { payment: held, reused: true }
          if (held !== null) await payments.update(held.id, { status: 'expired' }, at)
          const payment = newPayment(buyer.id, bought, token, at, after(at, paymentIntentMinutes * MINUTE))
          await payments.insert(payment)
          const made = await payments.find(payment.id)
          if (made === null) throw new Error(`Payment ${payment.id} vanished in its own transaction.`)
          return { payment: made, reused: false }
        })
      try {
        return await attempt()
      } catch (error) {
        // Two calls at once: the other one's intent is there now, and this one answers with it.
        if (error instanceof DomainError && error.code === 'OPEN_PAYIN_EXISTS') return attempt()
        throw error
      }
    },
  }
}

/** Only an untouched intent runs out: what was seen on the chain is waited for. */
function isOver(payment: Payment, at: Date): boolean {
  return payment.status === 'pending' && payment.expiresAt !== null && payment.expiresAt <= at
}

function tokenFor(currency: string, input: NewIntentInput): Token {
  const symbol = input.token ?? paidWith[currency]
  if (symbol === undefined)
    throw notPayable(`There is no rate for ${currency}: agree on a price in USDT or USDC.`)
  const isAtPar = paidWith[currency] === symbol || currency === 'USD'
  if (!isAtPar) throw notPayable(`A price in ${currency} is not paid in ${symbol}.`)
  const token = tokenOf(input.chainId, symbol)
  if (token === null) throw unknownToken(input.chainId, symbol)
  return token
}

function newPayment(buyerId: EntityId, bought: Payable, token: Token, at: Date, expiresAt: Date): NewPayment {
  const id = newId(at)
  return {
    id,
    purchaseRequestId: bought.requestId,
    sellerOfferId: bought.offer.id,
    buyerId,
    sellerId: bought.sellerId,
    amount: bought.amount,
    currency: token.symbol,
    provider: 'amn.scanner',
    providerPaymentId: publicId(id),
    chainId: token.chainId,
    token: token.address,
    tokenDecimals: token.decimals,
    quote: {
      amount: bought.amount,
      currency: bought.currency,
      rate: parseAmount('1'),
      source: 'par',
      priceVersion: bought.offer.priceVersion ?? 1,
      quotedAt: at,
      expiresAt,
    },
    expiresAt,
    at,
  }
}
