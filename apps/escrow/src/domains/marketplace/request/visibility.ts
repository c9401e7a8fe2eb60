import type { Actor } from '../../../platform/auth-guard.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type { RequestRepositories } from '../../../units.ts'
import type { PurchaseRequest, PurchaseRequestSummary } from './model.ts'
import { isOneOf, openForOffers } from './states.ts'

type Repositories = Pick<RequestRepositories, 'offers'>

/** The seller whose offer was taken, or null. */
export async function sellerOf(
  { offers }: Repositories,
  request: PurchaseRequestSummary,
): Promise<EntityId | null> {
  if (request.selectedOfferId === null) return null
  return (await offers.find(request.selectedOfferId))?.sellerId ?? null
}

/**
 * Buyers see their own requests, administrators and resolvers all, sellers the open ones that are public or name them
 * and those on which they have an offer.
 */
export async function maySee(
  repositories: Repositories,
  actor: Actor,
  request: PurchaseRequest,
): Promise<boolean> {
  if (request.buyerId === actor.id || actor.role === 'admin' || actor.role === 'resolver') return true
  const isNamed = request.preferredSellerIds.includes(actor.id)
  if (isOneOf(openForOffers, request.status) && (request.isPublic === true || isNamed)) return true
  const offers = await repositories.offers.listByRequest(request.id)
  return offers.some((offer) => offer.sellerId === actor.id)
}
