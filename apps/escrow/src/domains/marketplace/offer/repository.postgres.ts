import { and, asc, count, desc, eq, inArray, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { keptText } from '../../../platform/extra.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { parseAmount, readAmount } from '../../../platform/money.ts'
import { violates } from '../../../platform/postgres-error.ts'
import { completedStatuses } from '../request/index.ts'
import { offerAlreadyAccepted, offerExists } from './errors.ts'
import type { SellerOffer } from './model.ts'
import type { OfferRepository } from './repository.ts'
import { offerOf } from './row.ts'
import { sellerOffers } from './schema.ts'
import { standing } from './states.ts'
import { mergeStatuses, pricesOf } from './summaries.ts'

/** Offers in Postgres. */
export function createOfferRepository(db: Database): OfferRepository {
  async function load(id: EntityId, lock: boolean): Promise<SellerOffer | null> {
    const query = db.select().from(sellerOffers).where(eq(sellerOffers.id, id))
    const [row] = lock ? await query.for('update') : await query
    return row === undefined ? null : offerOf(row)
  }

  return {
    async insert(offer) {
      try {
        await db.insert(sellerOffers).values({
          ...offer,
          ...bornAt(offer.id, offer.at),
          priceAmount: offer.price.amount,
          priceCurrency: offer.price.currency,
          priceVersion: 1,
          deliveryTimeAmount: offer.deliveryTime.amount,
          deliveryTimeUnit: offer.deliveryTime.unit,
          status: 'pending',
        })
      } catch (error) {
        if (violates(error, 'seller_offers_open_per_seller_key')) throw offerExists(error)
        throw error
      }
    },

    find: (id) => load(id, false),
    findForUpdate: (id) => load(id, true),

    async findMany(ids) {
      if (ids.length === 0) return []
      const rows = await db.select().from(sellerOffers).where(inArray(sellerOffers.id, ids))
      return rows.map(offerOf)
    },

    async listByRequest(requestId) {
      const rows = await db
        .select()
        .from(sellerOffers)
        .where(eq(sellerOffers.purchaseRequestId, requestId))
        .orderBy(sql`${sellerOffers.createdAt} asc nulls first`, asc(sellerOffers.id))
      return rows.map(offerOf)
    },

    async listBySeller(sellerId, page) {
      const rows = await db
        .select()
        .from(sellerOffers)
        .where(eq(sellerOffers.sellerId, sellerId))
        .orderBy(sql`${sellerOffers.createdAt} desc nulls last`, desc(sellerOffers.id))
        .limit(page.limit)
        .offset(page.offset)
      return rows.map(offerOf)
    },

    async pricesByRequest(requestIds) {
      if (requestIds.length === 0) return []
      const { purchaseRequestId, priceCurrency, priceAmount } = sellerOffers
      const kept = sql<unknown>`${sellerOffers.extra} -> 'price.currency'`
      const rows = await db
        .select({
          // Not null, for it is one of those asked for.
          purchaseRequestId: sql<EntityId>`${purchaseRequestId}`,
          priceCurrency,
          kept,
          count: count(),
          priced: count(priceAmount),
          least: sql<string | null>`min(${priceAmount})`,
          total: sql<string>`coalesce(sum(${priceAmount}), 0)`,
        })
        .from(sellerOffers)
        .where(inArray(purchaseRequestId, requestIds))
        .groupBy(purchaseRequestId, priceCurrency, kept)
      return pricesOf(
        rows.map(({ priceCurrency, kept, least, total, ...group }) => ({
          ...group,
          currency: priceCurrency ?? keptText({ currency: kept }, 'currency'),
          least: least === null ? null : readAmount(least),
          total: parseAmount(total),
        })),
      )
    },

    async countByStatus(sellerId) {
      const kept = sql<unknown>`${sellerOffers.extra} -> 'status'`
      const rows = await db
        .select({ status: sellerOffers.status, kept, count: count() })
        .from(sellerOffers)
        .where(eq(sellerOffers.sellerId, sellerId))
        .groupBy(sellerOffers.status, kept)
      return mergeStatuses(
        rows.map(({ status, kept, count }) => ({
          status: status ?? keptText({ status: kept }, 'status'),
          count,
        })),
      )
    },

    async completedBySeller(sellerIds) {
      if (sellerIds.length === 0) return []
      const { id, purchaseRequestId } = sellerOffers
      const sellerId = sql<EntityId>`${sellerOffers.sellerId}`
      // Requests are another folder's table of the same unit.
      const choice = sql`request.id = ${purchaseRequestId} and request.selected_offer_id = ${id}`
      return db
        .select({ sellerId, completed: count() })
        .from(sellerOffers)
        .innerJoin(sql`purchase_requests request`, choice)
        .where(
          and(inArray(sellerOffers.sellerId, sellerIds), sql`request.status in ${[...completedStatuses]}`),
        )
        .groupBy(sellerId)
        .orderBy(sellerId)
    },

    async setStatus(id, status, at) {
      try {
        await db.update(sellerOffers).set({ status, updatedAt: at }).where(eq(sellerOffers.id, id))
      } catch (error) {
        if (violates(error, 'seller_offers_accepted_key')) throw offerAlreadyAccepted(error)
        // An old twin, whose status stood in `extra` only, would become the seller's second standing one.
        if (violates(error, 'seller_offers_open_per_seller_key')) throw offerExists(error)
        throw error
      }
    },

    async rejectStanding(requestId, except, at) {
      const rows = await db
        .update(sellerOffers)
        .set({ status: 'rejected', updatedAt: at })
        .where(
          and(
            eq(sellerOffers.purchaseRequestId, requestId),
            except === null ? undefined : ne(sellerOffers.id, except),
            isStanding(),
          ),
        )
        .returning({ id: sellerOffers.id })
      return rows.map((row) => row.id).sort()
    },
  }
}

/** Standing by its column, or by what `extra` keeps of an old offer that a unique index refused. */
function isStanding(): SQL | undefined {
  const kept = sql`${sellerOffers.extra} #>> '{status,value}' in ${[...standing]}`
  return or(inArray(sellerOffers.status, [...standing]), and(isNull(sellerOffers.status), kept))
}
