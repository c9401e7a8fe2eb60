import { and, count, eq, inArray, sql } from 'drizzle-orm'
import { bornAt, type Extra } from '../../../platform/columns.ts'
import type { Database } from '../../../platform/database.ts'
import { keptText } from '../../../platform/extra.ts'
import { type EntityId, isEntityId, parseId } from '../../../platform/ids.ts'
import { violates } from '../../../platform/postgres-error.ts'
import { reviewExists } from './errors.ts'
import { mergeRatings, type Review } from './model.ts'
import type { ReviewRepository } from './repository.ts'
import { reviews as table } from './schema.ts'

// Said with the word itself, or the partial index would not be taken for it.
const isPublished = sql`${table.status} = 'published'`

export function createReviewRepository(db: Database): ReviewRepository {
  return {
    async insert(review) {
      const row = { ...bornAt(review.id, review.createdAt ?? new Date()), ...review }
      await db
        .insert(table)
        .values(row)
        .catch((error: unknown) => {
          throw violates(error, 'reviews_subject_reviewer_key') ? reviewExists(error) : error
        })
    },

    async find(id) {
      const [row] = await db.select().from(table).where(eq(table.id, id))
      return row === undefined ? null : reviewOf(row)
    },

    async listPublished({ subjectType, subjectId }, { page, limit }) {
      const where = and(eq(table.subjectType, subjectType), eq(table.subjectId, subjectId), isPublished)
      const rows = await db
        .select()
        .from(table)
        .where(where)
        .orderBy(sql`${table.createdAt} desc nulls last`, sql`${table.id} desc nulls last`)
        .limit(limit)
        .offset((page - 1) * limit)
      const [counted] = await db.select({ total: count() }).from(table).where(where)
      return { items: rows.map(reviewOf), total: counted?.total ?? 0 }
    },

    async countRatings(subjectType, subjectIds) {
      if (subjectIds.length === 0) return []
      const rows = await db
        .select({ subjectId: table.subjectId, rating: table.rating, count: count() })
        .from(table)
        .where(and(eq(table.subjectType, subjectType), inArray(table.subjectId, subjectIds), isPublished))
        .groupBy(table.subjectId, table.rating)
      return mergeRatings(
        rows.flatMap(({ subjectId, rating, count }) =>
          subjectId === null || rating === null ? [] : [{ subjectId, rating, count }],
        ),
      )
    },

    async update(id, patch, at) {
      await db
        .update(table)
        .set({ ...patch, updatedAt: at })
        .where(eq(table.id, id))
    },

    async remove(id) {
      await db.delete(table).where(eq(table.id, id))
    },
  }
}

export function reviewOf(row: typeof table.$inferSelect): Review {
  return {
    id: row.id,
    subjectType: row.subjectType ?? keptText(row.extra, 'subjectType'),
    subjectId: row.subjectId,
    sellerId: row.sellerId,
    // The later of two reviews of one subject keeps its reviewer in `extra`.
    reviewerId: row.reviewerId ?? keptId(row.extra, 'reviewerId'),
    rating: row.rating,
    comment: row.comment ?? keptText(row.extra, 'comment'),
    isVerifiedBuyer: row.isVerifiedBuyer,
    purchaseRequestId: row.purchaseRequestId,
    status: row.status ?? keptText(row.extra, 'status'),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

function keptId(extra: Extra | null, path: string): EntityId | null {
  const text = keptText(extra, path)
  return text !== null && text.length === 24 && isEntityId(text) ? parseId(text) : null
}
