import { and, arrayContains, asc, count, eq, ilike, isNull, ne, or, type SQL, sql } from 'drizzle-orm'
import { bornAt } from '../../platform/columns.ts'
import type { Database } from '../../platform/database.ts'
import { keptText, withoutKept } from '../../platform/extra.ts'
import type { EntityId } from '../../platform/ids.ts'
import { violates } from '../../platform/postgres-error.ts'
import { slugTaken } from './errors.ts'
import { type BlogPost, type BlogPostPatch, mergeCounts, type PostFilter } from './model.ts'
import type { BlogPostRepository } from './repository.ts'
import { postOf } from './row.ts'
import { blogLikes, blogPosts as table } from './schema.ts'
import { postCategories, postStatuses } from './vocabulary.ts'

export function createBlogPostRepository(db: Database): BlogPostRepository {
  async function load(id: EntityId, lock: boolean): Promise<BlogPost | null> {
    const query = db.select().from(table).where(eq(table.id, id))
    const [row] = lock ? await query.for('update') : await query
    return row === undefined ? null : postOf(row)
  }

  return {
    async insert(post) {
      const { views, likes, comments, createdAt, updatedAt } = post
      const counts = { views, likes, comments }
      const born = { ...bornAt(post.id, createdAt ?? new Date()), createdAt, updatedAt }
      const row = { ...born, ...counts, ...columnsOf(post) }
      await db.insert(table).values(row).catch(refuseWrite)
    },

    find: (id) => load(id, false),
    findForUpdate: (id) => load(id, true),

    async findBySlug(slug, status) {
      const kept = and(isNull(table.slug), sql`(${table.extra} #>> '{slug,value}') = ${slug}`)
      const [row] = await db
        .select()
        .from(table)
        // Said again for the index, which leaves empty slugs out.
        .where(and(or(and(eq(table.slug, slug), ne(table.slug, '')), kept), matching({ status })))
        .orderBy(asc(table.id))
        .limit(1)
      return row === undefined ? null : postOf(row)
    },

    async slugsLike(slug, except) {
      const rows = await db
        .select({ slug: table.slug })
        .from(table)
        .where(
          and(
            sql`${table.slug} ~ ${`^${escaped(slug)}(-[0-9]+)?$`}`,
            except === null ? undefined : ne(table.id, except),
          ),
        )
      return rows.flatMap((row) => (row.slug === null ? [] : [row.slug])).sort()
    },

    async list(filter, { page, limit, sortBy, sortOrder }) {
      const where = matching(filter)
      const column = table[sortBy]
      const order =
        sortOrder === 'desc'
          ? [sql`${column} desc nulls last`, sql`${table.id} desc nulls last`]
          : [sql`${column} asc nulls first`, sql`${table.id} asc`]
      const rows = await db
        .select()
        .from(table)
        .where(where)
        .orderBy(...order)
        .limit(limit)
        .offset((page - 1) * limit)
      const [counted] = await db.select({ total: count() }).from(table).where(where)
      return { items: rows.map(postOf), total: counted?.total ?? 0 }
    },

    async countByCategory(status) {
      const kept = sql<unknown>`${table.extra} -> 'category'`
      const rows = await db
        .select({ category: table.category, kept, count: count() })
        .from(table)
        .where(matching({ status }))
        .groupBy(table.category, kept)
      return mergeCounts(
        rows.map((row) => ({
          category: row.category ?? keptText({ category: row.kept }, 'category'),
          count: row.count,
        })),
      )
    },

    async update(id, patch, at) {
      const cleared = Object.entries(patch).flatMap(([path, value]) => (value === null ? [path] : []))
      await db
        .update(table)
        .set({
          ...columnsOf(patch),
          updatedAt: at,
          extra: withoutKept(table.extra, cleared),
        })
        .where(eq(table.id, id))
        .catch(refuseWrite)
    },

    async add(id, counter, change) {
      const column = table[counter]
      const [row] = await db
        .update(table)
        .set({ [counter]: sql`greatest(coalesce(${column}, 0) + ${change}, 0)` })
        .where(eq(table.id, id))
        .returning({ count: column })
      return row?.count ?? null
    },

    async remove(id) {
      await db.delete(blogLikes).where(eq(blogLikes.postId, id))
      await db.delete(table).where(eq(table.id, id))
    },
  }
}

/** What is named, in the words that the columns know. */
function columnsOf({ category, status, ...others }: BlogPostPatch) {
  return {
    ...others,
    category: postCategories.find((known) => known === category),
    status: postStatuses.find((known) => known === status),
  }
}

function matching({ status, category, tag, featured, search }: PostFilter): SQL | undefined {
  const pattern = search === undefined ? undefined : `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`
  return and(
    status === undefined ? undefined : shownAs('status', status),
    category === undefined ? undefined : shownAs('category', category),
    tag === undefined ? undefined : arrayContains(table.tags, [tag]),
    featured === undefined
      ? undefined
      : featured
        ? sql`${table.featured}`
        : sql`${table.featured} is not true`,
    pattern === undefined
      ? undefined
      : or(ilike(table.title, pattern), ilike(table.description, pattern), ilike(table.content, pattern)),
  )
}

/** By its column; an unknown word of the past stands in `extra`. */
function shownAs(field: 'status' | 'category', word: string): SQL | undefined {
  const known: readonly string[] = field === 'status' ? postStatuses : postCategories
  if (known.includes(word)) return sql`${table[field]} = ${word}`
  return and(isNull(table[field]), sql`${table.extra} #>> array[${field}, 'value'] = ${word}`)
}

/** A slug of an old post may hold what means something in a pattern. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

function refuseWrite(error: unknown): never {
  if (violates(error, 'blog_posts_slug_key')) throw slugTaken(error)
  throw error
}
