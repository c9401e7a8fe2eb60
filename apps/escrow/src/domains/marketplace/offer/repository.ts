import type { EntityId } from '../../../platform/ids.ts'
import type { NewSellerOffer, OfferPrices, OfferStatusCount, SellerOffer, SellerOrders } from './model.ts'
import type { OfferStatus } from './vocabulary.ts'

/** Offers in one store. */
export interface OfferRepository {
  /** Raises OFFER_EXISTS where the seller has a standing offer on the request already. */
  insert(offer: NewSellerOffer): Promise<void>
  find(id: EntityId): Promise<SellerOffer | null>
  /** Held until the transaction ends. Lock the request first, then its offers: one order for everybody. */
  findForUpdate(id: EntityId): Promise<SellerOffer | null>
  /** Offers of these ids that exist, in no order. Reads only. */
  findMany(ids: EntityId[]): Promise<SellerOffer[]>
  /** All offers on a request, oldest first; the id breaks ties. Reads only. */
  listByRequest(requestId: EntityId): Promise<SellerOffer[]>
  listBySeller(sellerId: EntityId, page: { limit: number; offset: number }): Promise<SellerOffer[]>
  /** Of all offers on these requests, whatever became of them; by request, then currency. Reads only. */
  pricesByRequest(requestIds: EntityId[]): Promise<OfferPrices[]>
  /** What became of a seller's offers: how many are in each status. Reads only. */
  countByStatus(sellerId: EntityId): Promise<OfferStatusCount[]>
  /** What these sellers have completed, by seller; who completed nothing is left out. Reads only. */
  completedBySeller(sellerIds: EntityId[]): Promise<SellerOrders[]>
  /** Raises OFFER_ALREADY_ACCEPTED where another offer of the request is accepted. */
  setStatus(id: EntityId, status: OfferStatus, at: Date): Promise<void>
  /** Rejects every standing offer on the request but `except`; answers the ids of those rejected. */
  rejectStanding(requestId: EntityId, except: EntityId | null, at: Date): Promise<EntityId[]>
}
