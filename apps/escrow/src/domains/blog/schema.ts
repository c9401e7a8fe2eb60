import { sql } from 'drizzle-orm'
import { boolean, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { entityColumns, entityId, enumCheck, instant, jsonValue } from '../../platform/columns.ts'
import { postCategories, postStatuses } from './vocabulary.ts'

export const blogPosts = pgTable(
  'blog_posts',
  {
    ...entityColumns(),
    title: text('title'),
    slug: text('slug'),
    description: text('description'),
    content: text('content'),
    coverImage: text('cover_image'),
    images: text('images').array(),
    videos: jsonValue('videos'),
    author: jsonValue('author'),
    category: text('category', { enum: postCategories }),
    tags: text('tags').array(),
    status: text('status', { enum: postStatuses }),
    publishedAt: instant('published_at'),
    views: integer('views'),
    likes: integer('likes'),
    comments: integer('comments'),
    readTime: integer('read_time'),
    featured: boolean('featured'),
    seo: jsonValue('seo'),
  },
  (table) => [
    enumCheck('blog_posts', 'category', table.category, postCategories),
    enumCheck('blog_posts', 'status', table.status, postStatuses),
    uniqueIndex('blog_posts_slug_key').on(table.slug).where(sql`${table.slug} <> ''`),
    // Twins of the past that lost the column are found by the slug that they keep.
    index('blog_posts_kept_slug_idx')
      .on(sql`(${table.extra} #>> '{slug,value}')`)
      .where(sql`${table.slug} is null`),
    index('blog_posts_published_idx').on(table.status, table.publishedAt.desc().nullsLast(), table.id.desc()),
    index('blog_posts_category_idx').on(
      table.category,
      table.status,
      table.publishedAt.desc().nullsLast(),
      table.id.desc(),
    ),
    index('blog_posts_featured_idx')
      .on(table.status, table.publishedAt.desc().nullsLast(), table.id.desc())
      .where(sql`${table.featured}`),
    index('blog_posts_tags_idx').using('gin', table.tags),
  ],
)

/** One like of one person. A migration of references between units adds the one to people. */
export const blogLikes = pgTable(
  'blog_likes',
  {
    ...entityColumns(),
    userId: entityId('user_id').notNull(),
    postId: entityId('post_id')
      .notNull()
      .references(() => blogPosts.id),
  },
  (table) => [
    uniqueIndex('blog_likes_user_post_key').on(table.userId, table.postId),
    index('blog_likes_post_idx').on(table.postId),
  ],
)
