import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../platform/ids.ts'
import { statementsOf } from '../../testing/counted-statements.ts'
import { type EscrowDatabase, escrowDatabase } from '../../testing/escrow-database.ts'
import { plansOf } from '../../testing/explained.ts'
import { dropReferencesBetweenUnits } from '../../testing/references-between-units.ts'
import { createBlogLikeRepository } from './likes.postgres.ts'
import type { PostListing } from './model.ts'
import { blogLikeRepositoryContract, blogPostRepositoryContract, examplePost } from './repository.contract.ts'
import { createBlogPostRepository } from './repository.postgres.ts'
import type { BlogPostRepository } from './repository.ts'

let database: EscrowDatabase
let count: ReturnType<typeof statementsOf>
beforeAll(async () => {
  database = await escrowDatabase()
  await dropReferencesBetweenUnits(database.pool)
  count = statementsOf(database.pool)
})
afterAll(() => database[Symbol.asyncDispose]())

const empty = () => database.pool.query('truncate blog_likes, blog_posts')

describe('posts in Postgres', () => {
  const freshStore = async () => {
    await empty()
    return database.units.blog
  }
  blogPostRepositoryContract(freshStore, (work) => count(work))
  blogLikeRepositoryContract(freshStore, (work) => count(work))

  test('the database holds a slug once, empty ones aside', async () => {
    const insert = (slug: string) =>
      database.units.blog.transaction(({ posts }) => posts.insert(examplePost({ slug })))
    await insert('')
    await insert('')
    await insert('once')
    await expect(insert('once')).rejects.toMatchObject({ code: 'BLOG_SLUG_TAKEN' })
  })

  test('a twin that lost its slug is found by it, and an unknown category counted under its word', async () => {
    await empty()
    const { posts } = database.units.blog.read
    const holder = examplePost({ slug: 'twin', status: 'draft' })
    await database.units.blog.transaction(({ posts }) => posts.insert(holder))
    const id = newId()
    const extra = {
      slug: { reason: 'unique', value: 'twin' },
      category: { reason: 'enum', value: 'general' },
    }
    await database.pool.query("insert into blog_posts (id, status, extra) values ($1, 'published', $2)", [
      id,
      JSON.stringify(extra),
    ])
    expect((await posts.findBySlug('twin'))?.id).toBe(holder.id)
    expect(await posts.findBySlug('twin', 'published')).toMatchObject({
      id,
      slug: 'twin',
      category: 'general',
    })
    expect(await posts.countByCategory('published')).toEqual([{ category: 'general', count: 1 }])
    const listing: PostListing = { page: 1, limit: 5, sortBy: 'publishedAt', sortOrder: 'desc' }
    expect((await posts.list({ category: 'general' }, listing)).total).toBe(1)
  })
})

describe('with 100,000 posts', () => {
  beforeAll(async () => {
    await empty()
    await database.pool.query(
      `insert into blog_posts (id, slug, status, category, tags, featured, published_at)
       select gen_random_uuid(), 'post-' || n, 'published',
         case when n % 1000 = 0 then 'news' else 'other' end,
         array['tag-' || n / 10], n % 5000 = 0, now() - n * interval '1 minute'
       from generate_series(1, 100000) n`,
    )
    await database.pool.query(
      `insert into blog_likes (id, user_id, post_id)
       select gen_random_uuid(), gen_random_uuid(), id from blog_posts limit 20000`,
    )
    await database.pool.query('analyze blog_posts, blog_likes')
  }, 60_000)

  const listing: PostListing = { page: 1, limit: 10, sortBy: 'publishedAt', sortOrder: 'desc' }
  const status = 'published'

  type Ask = (repository: BlogPostRepository) => Promise<unknown>
  test.each<[string, string, Ask]>([
    ['a post by its slug', 'blog_posts_slug_key', (all) => all.findBySlug('post-77', status)],
    ['a twin by its slug', 'blog_posts_kept_slug_idx', (all) => all.findBySlug('post-77', status)],
    ['what is published', 'blog_posts_published_idx', (all) => all.list({ status }, listing)],
    ['a category', 'blog_posts_category_idx', (all) => all.list({ status, category: 'news' }, listing)],
    ['what is featured', 'blog_posts_featured_idx', (all) => all.list({ status, featured: true }, listing)],
    ['a tag', 'blog_posts_tags_idx', (all) => all.list({ status, tag: 'tag-77' }, listing)],
  ])('%s is found by %s', async (_what, index, ask) => {
    expect(await plansOf(database.pool, (db) => ask(createBlogPostRepository(db)))).toContain(index)
  })

  test('likes are found by person or post', async () => {
    const plans = await plansOf(database.pool, (db) =>
      createBlogLikeRepository(db).likedBy(newId(), [newId()]),
    )
    expect(plans).toMatch(/blog_likes_(user_post_key|post_idx)/)
  })
})
