import type { Actor } from '../../../platform/auth-guard.ts'
import type { Clock } from '../../../platform/clock.ts'
import { forbidden, notFound } from '../../../platform/errors.ts'
import { type EntityId, newId, publicId } from '../../../platform/ids.ts'
import type { RequestRepositories, Units } from '../../../units.ts'
import { moveRequest, openForOffers, type PurchaseRequest, requestNotOpen } from '../request/index.ts'
import { offerAlreadyAccepted, offerNotOpen } from './errors.ts'
import type { NewOfferInput } from './input.ts'
import type { SellerOffer } from './model.ts'
import { mayMoveOffer } from './states.ts'

export interface OfferServiceOptions {
  units: Pick<Units, 'request'>
  clock: Clock
}

export interface OfferService {
  /** Raises NOT_FOUND, REQUEST_NOT_OPEN, OFFER_EXISTS, FORBIDDEN for an offer on one's own request. */
  create(seller: Actor, requestId: EntityId, input: NewOfferInput): Promise<SellerOffer>
  /** The buyer and administrators see all offers, sellers their own. Raises NOT_FOUND. */
  list(actor: Actor, requestId: EntityId): Promise<SellerOffer[]>
  /** The buyer takes an offer; the others are rejected with it. Raises NOT_FOUND, OFFER_NOT_OPEN, OFFER_ALREADY_ACCEPTED. */
  accept(buyer: Actor, offerId: EntityId): Promise<SellerOffer>
  /** Raises NOT_FOUND, OFFER_NOT_OPEN. */
  withdraw(seller: Actor, offerId: EntityId): Promise<SellerOffer>
}

/** Sellers' offers. Whoever writes one holds its request first: one order of locks for everybody. */
export function createOfferService({ units, clock }: OfferServiceOptions): OfferService {
  const store = units.request
  return {
    create: (seller, requestId, input) =>
      store.transaction(async (repositories) => {
        const { requests, offers } = repositories
        const request = await requests.findForUpdate(requestId)
        if (request === null || !isVisible(request, seller)) refuseUnknown('purchase request', requestId)
        if (!isOpen(request)) throw requestNotOpen(requestId, request.status)
        if (request.buyerId === seller.id) throw forbidden('Nobody offers on a request of their own.')
        const at = clock.now()
        const id = newId(at)
        await offers.insert({ ...input, id, sellerId: seller.id, purchaseRequestId: requestId, at })
        if (request.status !== 'received_offers') {
          await moveRequest(repositories, request, { to: 'received_offers', as: 'system', by: null, at })
        }
        return (await offers.find(id)) ?? refuseUnknown('offer', id)
      }),

    async list(actor, requestId) {
      const request = await store.read.requests.find(requestId)
      if (request === null) refuseUnknown('purchase request', requestId)
      const all = await store.read.offers.listByRequest(requestId)
      if (request.buyerId === actor.id || actor.role === 'admin' || actor.role === 'resolver') return all
      const own = all.filter((offer) => offer.sellerId === actor.id)
      if (own.length === 0 && !(isOpen(request) && isVisible(request, actor))) {
        refuseUnknown('purchase request', requestId)
      }
      return own
    },

    accept: (buyer, offerId) =>
      store.transaction(async (repositories) => {
        const { requests, offers } = repositories
        const { request, offer } = await hold(repositories, offerId)
        if (request.buyerId !== buyer.id) refuseUnknown('offer', offerId)
        if (offer.status === 'accepted') return offer
        if (request.status !== 'received_offers' && request.status !== 'in_negotiation') {
          throw requestNotOpen(request.id, request.status)
        }
        const at = clock.now()
        assertMove(offer, 'accepted', 'buyer')
        if (offer.validUntil !== null && offer.validUntil <= at) throw offerNotOpen(offerId, 'expired')
        const all = await offers.listByRequest(request.id)
        if (all.some((other) => other.status === 'accepted')) throw offerAlreadyAccepted()
        await offers.rejectStanding(request.id, offerId, at)
        await offers.setStatus(offerId, 'accepted', at)
        await requests.update(request.id, { selectedOfferId: offerId }, at)
        return { ...offer, status: 'accepted', updatedAt: at }
      }),

    withdraw: (seller, offerId) =>
      store.transaction(async (repositories) => {
        const { offer } = await hold(repositories, offerId)
        if (offer.sellerId !== seller.id) refuseUnknown('offer', offerId)
        if (offer.status === 'withdrawn') return offer
        assertMove(offer, 'withdrawn', 'seller')
        const at = clock.now()
        await repositories.offers.setStatus(offerId, 'withdrawn', at)
        return { ...offer, status: 'withdrawn', updatedAt: at }
      }),
  }
}

/** Request and offer, held in this order. */
async function hold(
  { requests, offers }: RequestRepositories,
  offerId: EntityId,
): Promise<{ request: PurchaseRequest; offer: SellerOffer }> {
  const requestId = (await offers.find(offerId))?.purchaseRequestId ?? null
  const request = requestId === null ? null : await requests.findForUpdate(requestId)
  const offer = request === null ? null : await offers.findForUpdate(offerId)
  if (request === null || offer === null) refuseUnknown('offer', offerId)
  return { request, offer }
}

function assertMove(offer: SellerOffer, to: 'accepted' | 'withdrawn', by: 'buyer' | 'seller'): void {
  if (!mayMoveOffer(offer.status, to, by)) throw offerNotOpen(offer.id, offer.status)
}

function isOpen(request: PurchaseRequest): boolean {
  return (openForOffers as readonly (string | null)[]).includes(request.status)
}

function isVisible(request: PurchaseRequest, seller: Actor): boolean {
  return request.isPublic === true || request.preferredSellerIds.includes(seller.id)
}

function refuseUnknown(what: string, id: EntityId): never {
  throw notFound(what, publicId(id))
}
