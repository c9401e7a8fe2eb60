import { and, asc, count, eq, isNull, or, type SQL, sql } from 'drizzle-orm'
import { bornAt, referenceValues } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { violates } from '../../../platform/postgres-error.ts'
import type { Reference } from '../../../platform/reference.ts'
import { destinationExists, destinationTaken } from './errors.ts'
import type { DerivedDestination, DestinationFilter } from './model.ts'
import type { DestinationRepository } from './repository.ts'
import { type DestinationRow, destinationOf } from './row.ts'
import { derivedDestinationSweeps as sweepTable, derivedDestinations as table } from './schema.ts'

/** Derived destinations in Postgres. */
export function createDestinationRepository(db: Database): DestinationRepository {
  async function withSweeps(rows: DestinationRow[]): Promise<DerivedDestination[]> {
    if (rows.length === 0) return []
    const ids = rows.map(({ id }) => id)
    const sweeps = await db
      .select()
      .from(sweepTable)
      .where(sql`${sweepTable.destinationId} = any(${sql.param(ids)}::uuid[])`)
      .orderBy(asc(sweepTable.destinationId), asc(sweepTable.ordinal))
    const byDestination = Map.groupBy(sweeps, ({ destinationId }) => destinationId)
    return rows.map((row) => destinationOf(row, byDestination.get(row.id) ?? []))
  }

  async function one(where: SQL | undefined, lock = false): Promise<DerivedDestination | null> {
    const query = db.select().from(table).where(where).orderBy(asc(table.id)).limit(1)
    const [found] = await withSweeps(lock ? await query.for('update') : await query)
    return found ?? null
  }

  return {
    async nextIndex() {
      const { rows } = await db.execute(sql`select nextval('derived_destination_index')::int as index`)
      return Number(rows[0]?.index)
    },

    async insert(destination) {
      try {
        await db.insert(table).values({
          ...destination,
          ...bornAt(destination.id, destination.at),
          ...referenceValues('seller', destination.seller),
          ...referenceValues('sellerOffer', destination.sellerOffer),
          status: 'allocated',
          lastBalance: '0',
        })
      } catch (error) {
        if (violates(error, 'derived_destinations_key')) throw destinationExists(error)
        const isTaken =
          violates(error, 'derived_destinations_index_key') ||
          violates(error, 'derived_destinations_address_key')
        if (isTaken) throw destinationTaken(error)
        throw error
      }
    },

    find: (id) => one(eq(table.id, id)),
    findForUpdate: (id) => one(eq(table.id, id), true),
    findByKey: ({ buyerId, sellerOffer, chainId }) =>
      one(and(eq(table.buyerId, buyerId), eq(table.chainId, chainId), offerIs(sellerOffer))),

    async list(filter, page) {
      const rows = await db
        .select()
        .from(table)
        .where(matching(filter))
        .orderBy(sql`${table.derivationIndex} asc nulls first`, asc(table.id))
        .limit(page.limit)
        .offset(page.offset)
      return withSweeps(rows)
    },

    async count(filter) {
      const [row] = await db.select({ count: count() }).from(table).where(matching(filter))
      return row?.count ?? 0
    },

    async update(id, patch, at) {
      await db
        .update(table)
        .set({ ...patch, updatedAt: at })
        .where(eq(table.id, id))
    },

    async addSweep(id, sweep) {
      const next = sql<number>`(select coalesce(max(ordinal) + 1, 0) from ${sweepTable} where destination_id = ${id})`
      await db.insert(sweepTable).values({ ...sweep, destinationId: id, ordinal: next })
    },
  }
}

/** As the unique index has it, so that it answers. */
function offerIs(offer: Reference): SQL {
  const text = offer.kind === 'entity' ? offer.id : offer.external
  return sql`coalesce(${table.sellerOfferId}::text, ${table.sellerOfferExternalRef}) = ${text}`
}

function matching({ status, chainId }: DestinationFilter): SQL | undefined {
  const kept = sql`${table.extra} -> 'status' ->> 'value' = ${status}`
  return and(
    chainId === undefined ? undefined : eq(table.chainId, chainId),
    status === undefined ? undefined : or(sql`${table.status} = ${status}`, and(isNull(table.status), kept)),
  )
}
