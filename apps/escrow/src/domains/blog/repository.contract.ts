import { expect, test } from 'vitest'
import { type EntityId, newId, publicId } from '../../platform/ids.ts'
import type { UnitStore } from '../../platform/unit-store.ts'
import type { CountStatements } from '../../testing/counted-statements.ts'
import type { BlogRepositories } from '../../units.ts'
import type { BlogPost, PostFilter, PostListing } from './model.ts'

type Store = UnitStore<BlogRepositories>

const at = new Date('2026-03-01T10:00:00.123Z')
const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000)

/** A post of today's form: published. */
export function examplePost(changes: Partial<BlogPost> = {}): BlogPost {
  const id = newId()
  return {
    id,
    title: 'راهنمای خرید گوشی 📱',
    slug: `post-${publicId(id)}`,
    description: 'What to look at.',
    content: 'A long text.',
    coverImage: '/uploads/blog/a.png',
    images: ['/uploads/blog/b.png'],
    videos: [{ url: 'https://aparat.com/v/x', title: 'A video', platform: 'aparat', embedId: 'x' }],
    author: { id: publicId(newId()), name: 'Ada', avatar: '/uploads/ada.png' },
    category: 'guide',
    tags: ['phone', 'گوشی'],
    status: 'published',
    publishedAt: at,
    views: 3,
    likes: 1,
    comments: 0,
    readTime: 5,
    featured: false,
    seo: { metaTitle: 'Phones', keywords: ['a', 'b'] },
    createdAt: at,
    updatedAt: at,
    ...changes,
  }
}

async function insert(store: Store, ...all: BlogPost[]): Promise<void> {
  await store.transaction(async ({ posts }) => {
    for (const one of all) await posts.insert(one)
  })
}

const newestFirst: PostListing = { page: 1, limit: 10, sortBy: 'publishedAt', sortOrder: 'desc' }

/** What every implementation of `BlogPostRepository` must do. */
export function blogPostRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  const idsOf = async (store: Store, filter: PostFilter, listing: Partial<PostListing> = {}) =>
    (await store.read.posts.list(filter, { ...newestFirst, ...listing })).items.map(({ id }) => id)

  test('a post comes back as it was stored, absent values included', async () => {
    const store = await freshStore()
    const full = examplePost({ featured: true })
    const bare = examplePost({
      slug: null,
      coverImage: null,
      images: [],
      videos: [],
      author: { id: null, name: null, avatar: null },
      category: null,
      tags: [],
      status: null,
      publishedAt: null,
      views: null,
      likes: null,
      comments: null,
      readTime: null,
      featured: null,
      seo: null,
    })
    await insert(store, full, bare)
    expect(await store.read.posts.find(full.id)).toEqual(full)
    expect(await store.read.posts.find(bare.id)).toEqual(bare)
    expect(await store.read.posts.find(newId())).toBeNull()
    const held = await store.transaction(({ posts }) => posts.findForUpdate(full.id))
    expect(held).toEqual(full)
  })

  test('a post is found by its slug, with a status or whatever it has', async () => {
    const store = await freshStore()
    const draft = examplePost({ slug: 'راهنما', status: 'draft' })
    await insert(store, draft, examplePost({ slug: '' }), examplePost({ slug: '' }))
    expect(await store.read.posts.findBySlug('راهنما')).toEqual(draft)
    expect(await store.read.posts.findBySlug('راهنما', 'published')).toBeNull()
    expect(await store.read.posts.findBySlug('nothing')).toBeNull()
  })

  test('slugs that would clash are told', async () => {
    const store = await freshStore()
    const [own, ...others] = ['news', 'news-2', 'news-12', 'news-about', 'old-news'].map((slug) =>
      examplePost({ slug }),
    ) as [BlogPost, ...BlogPost[]]
    await insert(store, own, ...others)
    expect(await store.read.posts.slugsLike('news', null)).toEqual(['news', 'news-12', 'news-2'])
    expect(await store.read.posts.slugsLike('news', own.id)).toEqual(['news-12', 'news-2'])
    expect(await store.read.posts.slugsLike('n.*', null)).toEqual([])
  })

  test('lists are filtered, sorted and paged; those without the value stand at the low end', async () => {
    const store = await freshStore()
    const all = [
      examplePost({ publishedAt: later(1), views: 5, category: 'news', tags: ['a', 'b'] }),
      examplePost({ publishedAt: later(2), views: 1, featured: true }),
      examplePost({ publishedAt: null, views: null, title: 'About 100% _wool_' }),
      examplePost({ publishedAt: later(3), views: 5, status: 'draft', content: 'About WOOL (and more)' }),
    ]
    await insert(store, ...all)
    const expected = (...places: number[]) => places.map((place) => all[place]?.id)
    expect(await idsOf(store, {})).toEqual(expected(3, 1, 0, 2))
    expect(await idsOf(store, {}, { sortOrder: 'asc' })).toEqual(expected(2, 0, 1, 3))
    expect(await idsOf(store, {}, { sortBy: 'views' })).toEqual(expected(3, 0, 1, 2))
    expect(await idsOf(store, { status: 'published' })).toEqual(expected(1, 0, 2))
    expect(await idsOf(store, { category: 'news' })).toEqual(expected(0))
    expect(await idsOf(store, { category: 'general' })).toEqual([])
    expect(await idsOf(store, { tag: 'b' })).toEqual(expected(0))
    expect(await idsOf(store, { featured: true })).toEqual(expected(1))
    expect(await idsOf(store, { featured: false, status: 'published' })).toEqual(expected(0, 2))
    expect(await idsOf(store, { search: 'wool' })).toEqual(expected(3, 2))
    expect(await idsOf(store, { search: '100% _' })).toEqual(expected(2))
    expect(await idsOf(store, { search: '(and' })).toEqual(expected(3))
    const second = await store.read.posts.list({}, { ...newestFirst, page: 2, limit: 3 })
    expect([second.items.map(({ id }) => id), second.total]).toEqual([expected(2), 4])
    expect(await store.read.posts.list({ tag: 'z' }, newestFirst)).toEqual({ items: [], total: 0 })
  })

  test('posts are counted by category', async () => {
    const store = await freshStore()
    expect(await store.read.posts.countByCategory()).toEqual([])
    await insert(
      store,
      examplePost(),
      examplePost(),
      examplePost({ category: 'news' }),
      examplePost({ category: null }),
      examplePost({ category: 'news', status: 'draft' }),
    )
    expect(await store.read.posts.countByCategory('published')).toEqual([
      { category: 'guide', count: 2 },
      { category: 'news', count: 1 },
      { category: null, count: 1 },
    ])
    expect((await store.read.posts.countByCategory())[1]).toEqual({ category: 'news', count: 2 })
  })

  test('a change leaves alone what it does not name, and can take values away', async () => {
    const store = await freshStore()
    const before = examplePost()
    await insert(store, before)
    const patch = { title: 'New', status: 'archived', tags: [], videos: [], seo: null, coverImage: null }
    await store.transaction(({ posts }) => posts.update(before.id, patch, later(1)))
    expect(await store.read.posts.find(before.id)).toEqual({ ...before, ...patch, updatedAt: later(1) })
  })

  test('counting neither loses a call nor touches the time of change', async () => {
    const store = await freshStore()
    const post = examplePost({ views: null, likes: 1 })
    await insert(store, post)
    const add = (counter: 'views' | 'likes', change: 1 | -1) =>
      store.transaction(({ posts }) => posts.add(post.id, counter, change))
    const counted = await Promise.all([1, 2, 3, 4].map(() => add('views', 1)))
    expect(counted.sort()).toEqual([1, 2, 3, 4])
    expect(await add('likes', -1)).toBe(0)
    expect(await add('likes', -1)).toBe(0)
    expect(await store.transaction(({ posts }) => posts.add(newId(), 'views', 1))).toBeNull()
    expect(await store.read.posts.find(post.id)).toEqual({ ...post, views: 4, likes: 0 })
  })

  test('a removed post goes with its likes', async () => {
    const store = await freshStore()
    const [gone, stays] = [examplePost(), examplePost()]
    const userId = newId()
    await insert(store, gone, stays)
    await store.transaction(async ({ likes }) => {
      for (const { id: postId } of [gone, stays]) await likes.insert({ id: newId(), userId, postId, at })
    })
    await store.transaction(({ posts }) => posts.remove(gone.id))
    expect(await store.read.posts.find(gone.id)).toBeNull()
    expect(await store.read.likes.likedBy(userId, [gone.id, stays.id])).toEqual([stays.id])
  })

  test('what it asks its store does not grow with the number of posts', async () => {
    const store = await freshStore()
    await insert(store, examplePost())
    const counts = async () => [
      await count(() => store.read.posts.list({}, { ...newestFirst, limit: 100 })),
      await count(() => store.read.posts.countByCategory()),
      await count(() => store.read.posts.slugsLike('post', null)),
    ]
    expect(await counts()).toEqual([2, 1, 1])
    await insert(store, ...Array.from({ length: 20 }, (_, number) => examplePost({ slug: `post-${number}` })))
    expect(await counts()).toEqual([2, 1, 1])
  })
}

/** What every implementation of `BlogLikeRepository` must do. */
export function blogLikeRepositoryContract(freshStore: () => Promise<Store>, count: CountStatements): void {
  test('a person likes a post once, and may stop', async () => {
    const store = await freshStore()
    const [liked, other] = [examplePost(), examplePost()]
    await insert(store, liked, other)
    const userId = newId()
    const like = (by: EntityId, postId: EntityId) =>
      store.transaction(({ likes }) => likes.insert({ id: newId(), userId: by, postId, at }))
    const unlike = (by: EntityId) => store.transaction(({ likes }) => likes.remove(by, liked.id))
    expect([await like(userId, liked.id), await like(userId, liked.id)]).toEqual([true, false])
    expect(await like(newId(), liked.id)).toBe(true)
    expect(await store.read.likes.likedBy(userId, [other.id, liked.id])).toEqual([liked.id])
    expect(await store.read.likes.likedBy(userId, [])).toEqual([])
    expect([await unlike(userId), await unlike(userId), await unlike(newId())]).toEqual([true, false, false])
    expect(await store.read.likes.likedBy(userId, [liked.id])).toEqual([])
    await like(userId, liked.id)
    await like(userId, other.id)
    expect(await count(() => store.read.likes.likedBy(userId, [liked.id, other.id]))).toBe(1)
  })
}
