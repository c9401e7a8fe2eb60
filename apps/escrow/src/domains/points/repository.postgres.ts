import { and, asc, count, desc, eq, gte, isNotNull, lt, lte, sql } from 'drizzle-orm'
import { bornAt, readReference, referenceValues } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { alreadyEarned } from './errors.ts'
import { metadataOf, origins, type PointTransaction, pointSources, pointTypes } from './model.ts'
import type { PointTransactionRepository } from './repository.ts'
import { pointTransactions as table } from './schema.ts'
import { totalsOf } from './totals.ts'

export function createPointTransactionRepository(db: Database): PointTransactionRepository {
  return {
    async insert({ order, ...entry }) {
      const at = entry.createdAt ?? new Date()
      await db
        .insert(table)
        .values({
          ...bornAt(entry.id, at),
          ...entry,
          type: pointTypes.find((type) => type === entry.type),
          source: pointSources.find((source) => source === entry.source),
          origin: origins.find((origin) => origin === entry.origin),
          ...referenceValues('order', order),
        })
        .catch((error: unknown) => {
          if (violates(error, 'point_transactions_one_earn_per_order')) throw alreadyEarned(error)
          throw error
        })
    },

    async listOf(userId, { page, limit, type, from, to }) {
      const where = and(
        eq(table.userId, userId),
        type && eq(table.type, type),
        from && gte(table.createdAt, from),
        to && lte(table.createdAt, to),
      )
      const rows = await db
        .select()
        .from(table)
        .where(where)
        .orderBy(sql`${table.createdAt} desc nulls last`, desc(table.id))
        .limit(limit)
        .offset((page - 1) * limit)
      const [counted] = await db.select({ total: count() }).from(table).where(where)
      return { items: rows.map(entryOf), total: counted?.total ?? 0 }
    },

    async totals(userId) {
      const keptSource = sql<unknown>`${table.extra} -> 'source'`
      const keptType = sql<unknown>`${table.extra} -> 'type'`
      const rows = await db
        .select({
          source: table.source,
          keptSource,
          type: table.type,
          keptType,
          count: count(),
          signed: sql`coalesce(sum(${table.amount}), 0)`.mapWith(Number),
          // As bigint: the least integer has no positive twin.
          unsigned: sql`coalesce(sum(abs(${table.amount}::bigint)), 0)`.mapWith(Number),
        })
        .from(table)
        .where(userId && eq(table.userId, userId))
        .groupBy(table.source, keptSource, table.type, keptType)
      return totalsOf(
        rows.map(({ keptSource, keptType, ...group }) => ({
          ...group,
          source: group.source ?? keptText({ source: keptSource }, 'source'),
          type: group.type ?? keptText({ type: keptType }, 'type'),
        })),
      )
    },

    async leaders({ from, to }, limit) {
      const points = sql`sum(${table.amount})`.mapWith(Number)
      return (
        db
          // Not null: the condition says so.
          .select({ userId: sql<EntityId>`${table.userId}`, points })
          .from(table)
          .where(
            and(
              eq(table.type, 'earn'),
              isNotNull(table.userId),
              gte(table.createdAt, from),
              lt(table.createdAt, to),
            ),
          )
          .groupBy(table.userId)
          .having(sql`sum(${table.amount}) > 0`)
          .orderBy(desc(points), asc(table.userId))
          .limit(limit)
      )
    },

    async hasEarned(source, orderId) {
      const found = await db
        .select({ id: table.id })
        .from(table)
        .where(
          and(
            eq(table.source, source),
            eq(table.orderId, orderId),
            eq(table.type, 'earn'),
            eq(table.origin, 'app'),
          ),
        )
        .limit(1)
      return found.length > 0
    },
  }
}

export function entryOf(row: typeof table.$inferSelect): PointTransaction {
  const text = (value: string | null, path: string) => value ?? keptText(row.extra, path)
  return {
    id: row.id,
    userId: row.userId,
    type: text(row.type, 'type'),
    source: text(row.source, 'source'),
    amount: row.amount,
    balance: row.balance,
    order: readReference(row.orderRefKind, row.orderId, row.orderExternalRef),
    referredUser: row.referredUser,
    description: text(row.description, 'description'),
    metadata: metadataOf(row.metadata),
    expiresAt: row.expiresAt,
    origin: text(row.origin, 'origin'),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}
