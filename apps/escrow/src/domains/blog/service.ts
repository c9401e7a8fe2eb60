import type { Page, Paged } from '../../platform/answer.ts'
import type { Clock } from '../../platform/clock.ts'
import { DomainError, notFound } from '../../platform/errors.ts'
import { type EntityId, isEntityId, newId, parseId, publicId } from '../../platform/ids.ts'
import type { BlogRepositories, Units } from '../../units.ts'
import type { UserReadModel } from '../user/index.ts'
import type { NewPost, PostChanges } from './input.ts'
import type { Author, BlogPost, CategoryCount, PostFilter, PostListing } from './model.ts'
import { freeSlug, slugOf } from './slug.ts'

const newestFirst = { sortBy: 'publishedAt', sortOrder: 'desc' } as const

export interface Liking {
  liked: boolean
  likes: number
}

export interface BlogService {
  listPublished(filter: Omit<PostFilter, 'status'>, listing: PostListing): Promise<Paged<BlogPost>>
  featured(limit: number): Promise<BlogPost[]>
  recent(limit: number): Promise<BlogPost[]>
  search(text: string, page: Page): Promise<Paged<BlogPost>>
  /** What is published, by category. */
  categories(): Promise<CategoryCount[]>
  /** A published post by its slug (or its id, where it has none), with a view more. Raises NOT_FOUND. */
  read(slug: string): Promise<BlogPost>
  /** Once a person, whatever they press. Raises NOT_FOUND where nothing is published. */
  like(userId: EntityId, id: EntityId): Promise<Liking>
  /** Raises NOT_FOUND. */
  unlike(userId: EntityId, id: EntityId): Promise<Liking>

  /** Posts of any status. */
  listAll(filter: PostFilter, listing: PostListing): Promise<Paged<BlogPost>>
  /** Raises NOT_FOUND. */
  get(id: EntityId): Promise<BlogPost>
  /** Raises BLOG_SLUG_TAKEN. */
  create(authorId: EntityId, input: NewPost): Promise<BlogPost>
  /** Publishing stamps the time once. Raises NOT_FOUND, BLOG_SLUG_TAKEN. */
  change(id: EntityId, changes: PostChanges): Promise<BlogPost>
  /** Raises NOT_FOUND. */
  remove(id: EntityId): Promise<void>
}

export interface BlogServiceOptions {
  units: Pick<Units, 'blog'>
  users: UserReadModel
  clock: Clock
}

export function createBlogService({ units, users, clock }: BlogServiceOptions): BlogService {
  const store = units.blog
  const { posts } = store.read

  async function published(filter: Omit<PostFilter, 'status'>, limit: number): Promise<BlogPost[]> {
    return (await posts.list({ ...filter, status: 'published' }, { page: 1, limit, ...newestFirst })).items
  }

  async function authorNamed(id: EntityId): Promise<Author> {
    const user = (await users.summaries([id])).get(id)
    const name = [user?.firstName, user?.lastName].filter((part) => part != null && part !== '').join(' ')
    return { id: publicId(id), name: name === '' ? null : name, avatar: user?.avatar ?? null }
  }

  const setLike = (userId: EntityId, id: EntityId, liked: boolean) =>
    store.transaction(async ({ posts, likes }) => {
      // Held first, so that two presses at once come one after the other.
      const post = await posts.findForUpdate(id)
      if (post?.status !== 'published') throw notFound('post', publicId(id))
      const at = clock.now()
      const isNew = liked
        ? await likes.insert({ id: newId(at), userId, postId: id, at })
        : await likes.remove(userId, id)
      const count = isNew ? await posts.add(id, 'likes', liked ? 1 : -1) : post.likes
      return { liked, likes: count ?? 0 }
    })

  return {
    listPublished: (filter, listing) => posts.list({ ...filter, status: 'published' }, listing),
    featured: (limit) => published({ featured: true }, limit),
    recent: (limit) => published({}, limit),
    search: (text, page) => posts.list({ search: text, status: 'published' }, { ...page, ...newestFirst }),
    categories: () => posts.countByCategory('published'),

    async read(slug) {
      const post = (await posts.findBySlug(slug, 'published')) ?? (await publishedById(slug))
      if (post === null) throw notFound('post', slug)
      return { ...post, views: (await viewed(post.id)) ?? post.views }
    },

    like: (userId, id) => setLike(userId, id, true),
    unlike: (userId, id) => setLike(userId, id, false),

    listAll: (filter, listing) => posts.list(filter, listing),
    get: (id) => existing(store.read, id),

    async create(authorId, input) {
      const author = await authorNamed(authorId)
      return store.transaction(async ({ posts }) => {
        const now = clock.now()
        const post = newPost(input, author, now)
        const slug = await slugFor(posts, post, input.slug)
        await posts.insert({ ...post, slug })
        return { ...post, slug }
      })
    },

    change: (id, changes) =>
      store.transaction(async (repositories) => {
        const { posts } = repositories
        const now = clock.now()
        const before = await posts.findForUpdate(id)
        if (before === null) throw notFound('post', publicId(id))
        const { slug: wanted, videos, ...rest } = changes
        const isPublished = changes.status === 'published' && before.publishedAt === null
        const needsSlug = before.slug === null || before.slug === '' || wanted !== undefined
        await posts.update(
          id,
          {
            ...rest,
            ...(videos === undefined ? {} : { videos: videos.map(videoOf) }),
            ...(isPublished ? { publishedAt: now } : {}),
            ...(needsSlug ? { slug: await slugFor(posts, { ...before, ...rest, id }, wanted) } : {}),
          },
          now,
        )
        return existing(repositories, id)
      }),

    remove: (id) =>
      store.transaction(async (repositories) => {
        await existing(repositories, id)
        await repositories.posts.remove(id)
      }),
  }

  async function publishedById(text: string): Promise<BlogPost | null> {
    if (!isEntityId(text)) return null
    const post = await posts.find(parseId(text))
    return post?.status === 'published' ? post : null
  }

  /** Whoever reads is served, also while nothing can be written: then this view is not counted. */
  async function viewed(id: EntityId): Promise<number | null> {
    try {
      return await store.transaction(({ posts }) => posts.add(id, 'views', 1))
    } catch (error) {
      if (error instanceof DomainError && error.status === 503) return null
      throw error
    }
  }
}

async function existing({ posts }: BlogRepositories, id: EntityId): Promise<BlogPost> {
  const post = await posts.find(id)
  if (post === null) throw notFound('post', publicId(id))
  return post
}

/** From what was asked for, else from the title; with a number where another post has it. */
async function slugFor(
  posts: BlogRepositories['posts'],
  post: Pick<BlogPost, 'id' | 'title'>,
  wanted: string | undefined,
): Promise<string> {
  const base = slugOf(wanted === undefined || wanted === '' ? (post.title ?? '') : wanted)
  if (base === '') return ''
  const taken = await posts.slugsLike(base, post.id)
  return freeSlug(base, taken)
}

function newPost(input: NewPost, author: Author, at: Date): BlogPost {
  return {
    ...input,
    id: newId(at),
    slug: null,
    coverImage: input.coverImage ?? null,
    videos: input.videos.map(videoOf),
    author,
    publishedAt: input.status === 'published' ? at : null,
    views: 0,
    likes: 0,
    comments: 0,
    seo: input.seo ?? null,
    createdAt: at,
    updatedAt: at,
  }
}

function videoOf({ url, title, platform, embedId }: NewPost['videos'][number]) {
  return { url, title: title ?? null, platform, embedId: embedId ?? null }
}
