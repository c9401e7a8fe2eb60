import { and, eq, inArray } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import type { BlogLikeRepository } from './repository.ts'
import { blogLikes as table } from './schema.ts'

export function createBlogLikeRepository(db: Database): BlogLikeRepository {
  return {
    async likedBy(userId, postIds) {
      if (postIds.length === 0) return []
      const rows = await db
        .select({ postId: table.postId })
        .from(table)
        .where(and(eq(table.userId, userId), inArray(table.postId, postIds)))
      return rows.map(({ postId }) => postId).sort()
    },

    async insert({ id, userId, postId, at }) {
      const { rowCount } = await db
        .insert(table)
        .values({ ...bornAt(id, at), userId, postId })
        .onConflictDoNothing({ target: [table.userId, table.postId] })
      return (rowCount ?? 0) > 0
    },

    async remove(userId, postId) {
      const { rowCount } = await db
        .delete(table)
        .where(and(eq(table.userId, userId), eq(table.postId, postId)))
      return (rowCount ?? 0) > 0
    },
  }
}
