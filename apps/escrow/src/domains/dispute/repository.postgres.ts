import { and, asc, count, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText, withoutKept } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { disputeAlreadyOpen } from './errors.ts'
import type { Dispute, DisputeFilter } from './model.ts'
import type { DisputeRepository } from './repository.ts'
import { disputeOf } from './row.ts'
import { disputes as table } from './schema.ts'
import { openStatuses } from './states.ts'
import { meanTimes, mergeCounts } from './statistics.ts'
import { jsonOf } from './stored.ts'
import { disputeStatuses } from './vocabulary.ts'

/** Disputes in Postgres. */
export function createDisputeRepository(db: Database): DisputeRepository {
  async function load(id: EntityId, lock: boolean): Promise<Dispute | null> {
    const query = db.select().from(table).where(eq(table.id, id))
    const [row] = lock ? await query.for('update') : await query
    return row === undefined ? null : disputeOf(row)
  }

  return {
    async insert({ evidence, timeline, ...dispute }) {
      try {
        await db.insert(table).values({
          ...dispute,
          ...bornAt(dispute.id, dispute.at),
          status: 'pending',
          evidence: evidence.map(jsonOf),
          timeline: timeline.map(jsonOf),
          messages: [],
          origin: 'app',
        })
      } catch (error) {
        throw asDomainError(error)
      }
    },

    find: (id) => load(id, false),
    findForUpdate: (id) => load(id, true),

    async findOpen(purchaseRequestId) {
      const [row] = await db
        .select()
        .from(table)
        .where(
          and(
            eq(table.purchaseRequestId, purchaseRequestId),
            or(...openStatuses.map((status) => wordIs('status', status))),
          ),
        )
        .orderBy(asc(table.id))
        .limit(1)
      return row === undefined ? null : disputeOf(row)
    },

    async list(filter, page) {
      const rows = await db
        .select()
        .from(table)
        .where(matching(filter))
        // Old rows without a time come last, as MongoDB sorts missing values below all others.
        .orderBy(sql`${table.createdAt} desc nulls last`, desc(table.id))
        .limit(page.limit)
        .offset(page.offset)
      return rows.map(disputeOf)
    },

    async count(filter) {
      const [row] = await db.select({ count: count() }).from(table).where(matching(filter))
      return row?.count ?? 0
    },

    async countByStatusAndPriority() {
      const keptStatus = sql<unknown>`${table.extra} -> 'status'`
      const keptPriority = sql<unknown>`${table.extra} -> 'priority'`
      const rows = await db
        .select({ status: table.status, priority: table.priority, keptStatus, keptPriority, count: count() })
        .from(table)
        .groupBy(table.status, table.priority, keptStatus, keptPriority)
      return mergeCounts(
        rows.map((row) => ({
          status: row.status ?? keptText({ status: row.keptStatus }, 'status'),
          priority: row.priority ?? keptText({ priority: row.keptPriority }, 'priority'),
          count: row.count,
        })),
      )
    },

    async timeToResolve() {
      const kept = sql<unknown>`${table.extra} -> 'category'`
      const milliseconds = sql`round(extract(epoch from ${table.resolvedAt} - ${table.createdAt}) * 1000)`
      const totalMs = sql<string>`sum(${milliseconds})::numeric(40, 0)::text`
      const rows = await db
        .select({ category: table.category, kept, count: count(), totalMs })
        .from(table)
        .where(and(isNotNull(table.resolvedAt), isNotNull(table.createdAt)))
        .groupBy(table.category, kept)
      return meanTimes(
        rows.map((row) => ({
          category: row.category ?? keptText({ category: row.kept }, 'category'),
          count: row.count,
          totalMs: BigInt(row.totalMs),
        })),
      )
    },

    async update(id, { status, resolution, ...patch }, at) {
      try {
        await db
          .update(table)
          .set({
            ...patch,
            ...(status === undefined ? {} : { status: disputeStatuses.find((known) => known === status) }),
            ...(resolution === undefined
              ? {}
              : {
                  resolution: jsonOf({ ...resolution, resolvedAt: null }),
                  resolvedAt: resolution.resolvedAt,
                }),
            updatedAt: at,
          })
          .where(eq(table.id, id))
      } catch (error) {
        throw asDomainError(error)
      }
    },

    async append(id, list, element, at) {
      const column = table[list]
      const added = sql`${JSON.stringify([jsonOf(element)])}::jsonb`
      // Something else than a list lies there, or one that JSON cannot hold: the new list takes its place.
      const grown = sql`case when jsonb_typeof(${column}) = 'array' then ${column} || ${added} else ${added} end`
      await db
        .update(table)
        .set({ [list]: grown, extra: withoutKept(table.extra, [list]), updatedAt: at })
        .where(eq(table.id, id))
    },
  }
}

function asDomainError(error: unknown): unknown {
  return violates(error, 'disputes_open_key') ? disputeAlreadyOpen(error) : error
}

function matching(filter: DisputeFilter): SQL | undefined {
  const { purchaseRequestId, partyId, adminId, status, priority, category } = filter
  return and(
    purchaseRequestId === undefined ? undefined : eq(table.purchaseRequestId, purchaseRequestId),
    partyId === undefined ? undefined : or(eq(table.buyerId, partyId), eq(table.sellerId, partyId)),
    adminId === undefined ? undefined : eq(table.adminId, adminId),
    status === undefined ? undefined : wordIs('status', status),
    priority === undefined ? undefined : wordIs('priority', priority),
    category === undefined ? undefined : wordIs('category', category),
  )
}

/** Also where it is an old word, or one that lost its column to a unique index, and stands in `extra`. */
function wordIs(field: 'status' | 'priority' | 'category', word: string): SQL | undefined {
  const kept = sql`${table.extra} #>> ${sql.param([field, 'value'])}::text[] = ${word}`
  return or(sql`${table[field]} = ${word}`, and(isNull(table[field]), kept))
}
