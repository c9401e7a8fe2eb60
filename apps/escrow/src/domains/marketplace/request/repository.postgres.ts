import { and, count, desc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { insertElements, nextOrdinal, readElements } from './elements.postgres.ts'
import type { PurchaseRequestPatch, RequestFilter } from './model.ts'
import type { RequestRepository } from './repository.ts'
import { summaryOf } from './row.ts'
import {
  purchaseRequestDeliveryAttempts,
  purchaseRequestPreferredSellers,
  purchaseRequestStatusHistory,
  purchaseRequests,
  purchaseRequestTrackingEvents,
} from './schema.ts'
import { completed, openForOffers } from './states.ts'
import { shownStatuses } from './status-count.ts'

/** Purchase requests in Postgres. */
export function createRequestRepository(db: Database): RequestRepository {
  async function load(id: EntityId, lock: boolean) {
    const query = db.select().from(purchaseRequests).where(eq(purchaseRequests.id, id))
    const [row] = lock ? await query.for('update') : await query
    return row === undefined ? null : { ...summaryOf(row), ...(await readElements(db, id)) }
  }

  return {
    async insert(request) {
      const { budget, at, id } = request
      await db.insert(purchaseRequests).values({
        ...request,
        ...bornAt(id, at),
        budgetMin: budget.min,
        budgetMax: budget.max,
        budgetCurrency: budget.currency,
      })
      await insertElements(db, request)
    },

    find: (id) => load(id, false),
    findForUpdate: (id) => load(id, true),

    async findMany(ids) {
      if (ids.length === 0) return []
      const rows = await db.select().from(purchaseRequests).where(inArray(purchaseRequests.id, ids))
      return rows.map(summaryOf)
    },

    async list(filter, page) {
      const rows = await db
        .select()
        .from(purchaseRequests)
        .where(matching(db, filter))
        // Old rows without a time come last, as MongoDB sorts missing values below all others.
        .orderBy(sql`${purchaseRequests.createdAt} desc nulls last`, desc(purchaseRequests.id))
        .limit(page.limit)
        .offset(page.offset)
      return rows.map(summaryOf)
    },

    async count(filter) {
      const [row] = await db.select({ count: count() }).from(purchaseRequests).where(matching(db, filter))
      return row?.count ?? 0
    },

    async countByStatus(buyerId) {
      const kept = sql<unknown>`${purchaseRequests.extra} -> 'status'`
      const rows = await db
        .select({ status: purchaseRequests.status, kept, count: count() })
        .from(purchaseRequests)
        .where(buyerId === undefined ? undefined : eq(purchaseRequests.buyerId, buyerId))
        .groupBy(purchaseRequests.status, kept)
      return shownStatuses(rows)
    },

    completedOf(buyerId, id) {
      return db
        .select({ id: purchaseRequests.id, selectedOfferId: purchaseRequests.selectedOfferId })
        .from(purchaseRequests)
        .where(
          and(
            eq(purchaseRequests.buyerId, buyerId),
            inArray(purchaseRequests.status, [...completed]),
            id === undefined ? undefined : eq(purchaseRequests.id, id),
          ),
        )
        .orderBy(desc(purchaseRequests.id))
    },

    async update(id, patch, at) {
      const emptied = emptiedPaths(patch)
      await db
        .update(purchaseRequests)
        .set({
          ...patch,
          // A null column would bring back what the row keeps for it from the past.
          ...(emptied.length === 0
            ? {}
            : { extra: sql`${purchaseRequests.extra} - ${sql.param(emptied)}::text[]` }),
          updatedAt: at,
        })
        .where(eq(purchaseRequests.id, id))
    },

    async appendStatusChange(id, change) {
      const table = purchaseRequestStatusHistory
      await db.insert(table).values({ ...change, purchaseRequestId: id, ordinal: nextOrdinal(table, id) })
    },

    async appendDeliveryAttempt(id, attempt) {
      const table = purchaseRequestDeliveryAttempts
      await db.insert(table).values({ ...attempt, purchaseRequestId: id, ordinal: nextOrdinal(table, id) })
    },

    async appendTrackingEvent(id, event) {
      const table = purchaseRequestTrackingEvents
      await db.insert(table).values({ ...event, purchaseRequestId: id, ordinal: nextOrdinal(table, id) })
    },
  }
}

const documentPaths: Partial<Record<keyof PurchaseRequestPatch, string>> = {
  selectedOfferId: 'selectedOfferId',
  deliveryCode: 'deliveryInfo.deliveryCode',
  cancelReason: 'cancelReason',
  cancelledBy: 'cancelledBy',
}

function emptiedPaths(patch: PurchaseRequestPatch): string[] {
  return Object.entries(documentPaths)
    .filter(([field]) => patch[field as keyof PurchaseRequestPatch] === null)
    .map(([, path]) => path)
}

function matching(db: Database, filter: RequestFilter): SQL | undefined {
  return and(
    filter.buyerId === undefined ? undefined : eq(purchaseRequests.buyerId, filter.buyerId),
    filter.categoryId === undefined ? undefined : eq(purchaseRequests.categoryId, filter.categoryId),
    filter.status === undefined ? undefined : statusIs(filter.status),
    filter.visibleToSeller === undefined ? undefined : visibleTo(db, filter.visibleToSeller),
  )
}

/** Also where the status is an old word, or one that lost its column to a unique index, and stands in `extra`. */
function statusIs(status: string): SQL | undefined {
  const kept = sql`${purchaseRequests.extra} #>> '{status,value}' = ${status}`
  return or(sql`${purchaseRequests.status} = ${status}`, and(isNull(purchaseRequests.status), kept))
}

function visibleTo(db: Database, sellerId: EntityId): SQL | undefined {
  const preferred = purchaseRequestPreferredSellers
  const naming = db
    .select({ id: preferred.purchaseRequestId })
    .from(preferred)
    .where(eq(preferred.sellerId, sellerId))
  return and(
    inArray(purchaseRequests.status, [...openForOffers]),
    or(eq(purchaseRequests.isPublic, true), inArray(purchaseRequests.id, naming)),
  )
}
