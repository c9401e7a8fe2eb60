import type { Actor } from '../../../platform/auth-guard.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type { Units } from '../../../units.ts'
import type { SellerOffer } from '../offer/index.ts'
import type { PurchaseRequestSummary } from './model.ts'
import { maySee } from './visibility.ts'

/** What other domains may know of requests and their offers. */
export interface RequestReadModel {
  /** Ids that do not exist are missing from the answer. */
  requests(ids: EntityId[]): Promise<Map<EntityId, PurchaseRequestSummary>>
  offers(ids: EntityId[]): Promise<Map<EntityId, SellerOffer>>
  /** Whether any request stands in this category. */
  namesCategory(categoryId: EntityId): Promise<boolean>
  /** A completed request of this buyer that this seller delivered, the newest; with `id`, that one alone. */
  completedPurchase(buyerId: EntityId, sellerId: EntityId, id?: EntityId): Promise<EntityId | null>
  /** How many requests each of these sellers has completed; who completed none is missing. */
  completedOrders(sellerIds: EntityId[]): Promise<Map<EntityId, number>>
  /** Whether somebody may see this request; false where there is none. */
  isVisibleTo(actor: Actor, id: EntityId): Promise<boolean>
}

export function createRequestReadModel(units: Pick<Units, 'request'>): RequestReadModel {
  const { requests, offers } = units.request.read
  return {
    async requests(ids) {
      const found = await requests.findMany([...new Set(ids)])
      return new Map(found.map((request) => [request.id, request]))
    },
    async offers(ids) {
      const found = await offers.findMany([...new Set(ids)])
      return new Map(found.map((offer) => [offer.id, offer]))
    },
    async namesCategory(categoryId) {
      return (await requests.count({ categoryId })) > 0
    },
    async completedPurchase(buyerId, sellerId, id) {
      const completed = await requests.completedOf(buyerId, id)
      const selected = await offers.findMany(completed.flatMap((request) => request.selectedOfferId ?? []))
      const ofSeller = new Set(selected.filter((offer) => offer.sellerId === sellerId).map(({ id }) => id))
      const purchase = completed.find(
        ({ selectedOfferId }) => selectedOfferId !== null && ofSeller.has(selectedOfferId),
      )
      return purchase?.id ?? null
    },

    async completedOrders(sellerIds) {
      const orders = await offers.completedBySeller([...new Set(sellerIds)])
      return new Map(orders.map(({ sellerId, completed }) => [sellerId, completed]))
    },

    async isVisibleTo(actor, id) {
      const request = await requests.find(id)
      return request !== null && (await maySee({ offers }, actor, request))
    },
  }
}
