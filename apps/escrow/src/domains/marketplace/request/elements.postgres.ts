import { asc, eq, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../../../platform/database.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { elementsOf, type RequestElements } from './element-rows.ts'
import type { NewPurchaseRequest } from './model.ts'
import {
  purchaseRequestAttachments,
  purchaseRequestDeliveryAttempts,
  purchaseRequestPreferredSellers,
  purchaseRequestSpecifications,
  purchaseRequestStatusHistory,
  purchaseRequestTags,
  purchaseRequestTrackingEvents,
} from './schema.ts'

type ElementTable =
  | typeof purchaseRequestAttachments
  | typeof purchaseRequestDeliveryAttempts
  | typeof purchaseRequestPreferredSellers
  | typeof purchaseRequestSpecifications
  | typeof purchaseRequestStatusHistory
  | typeof purchaseRequestTags
  | typeof purchaseRequestTrackingEvents

/** All seven child tables of one request, each in its order. */
export async function readElements(db: Database, id: EntityId): Promise<RequestElements> {
  const rowsOf = <Table extends ElementTable>(table: Table) =>
    db
      .select()
      .from(table as PgTable)
      .where(eq(table.purchaseRequestId, id))
      .orderBy(asc(table.ordinal)) as unknown as Promise<Table['$inferSelect'][]>
  const specifications = await rowsOf(purchaseRequestSpecifications)
  const preferred = await rowsOf(purchaseRequestPreferredSellers)
  const attachments = await rowsOf(purchaseRequestAttachments)
  const tags = await rowsOf(purchaseRequestTags)
  const attempts = await rowsOf(purchaseRequestDeliveryAttempts)
  const history = await rowsOf(purchaseRequestStatusHistory)
  const tracking = await rowsOf(purchaseRequestTrackingEvents)
  return elementsOf({ specifications, preferred, attachments, tags, attempts, history, tracking })
}

/** The lists that a new request begins with. */
export async function insertElements(db: Database, request: NewPurchaseRequest): Promise<void> {
  const placed = <Element extends object>(elements: readonly Element[]) =>
    elements.map((element, ordinal) => ({ ...element, purchaseRequestId: request.id, ordinal }))
  const { specifications, attachments, tags, preferredSellerIds } = request
  if (specifications.length > 0) await db.insert(purchaseRequestSpecifications).values(placed(specifications))
  if (attachments.length > 0) await db.insert(purchaseRequestAttachments).values(placed(attachments))
  if (tags.length > 0) await db.insert(purchaseRequestTags).values(placed(tags.map((tag) => ({ tag }))))
  if (preferredSellerIds.length > 0) {
    const sellers = preferredSellerIds.map((sellerId) => ({ sellerId }))
    await db.insert(purchaseRequestPreferredSellers).values(placed(sellers))
  }
}

/** The place behind the last element; safe because whoever appends holds the request's row. */
export function nextOrdinal(table: ElementTable, id: EntityId): SQL<number> {
  return sql<number>`(select coalesce(max(${table.ordinal}), -1) + 1 from ${table} where ${table.purchaseRequestId} = ${id})`
}
