import type { Page } from '../../platform/answer.ts'
import { mergeLines } from '../../platform/grouped-lines.ts'
import type { EntityId } from '../../platform/ids.ts'

export interface Author {
  id: string | null
  name: string | null
  avatar: string | null
}

export interface Video {
  url: string | null
  title: string | null
  platform: string | null
  embedId: string | null
}

/** A post of the blog. Old ones may lack anything but the id; null is "not there". */
export interface BlogPost {
  id: EntityId
  title: string | null
  /** Unique where not empty; old data holds twins. */
  slug: string | null
  description: string | null
  content: string | null
  coverImage: string | null
  images: string[]
  videos: Video[]
  author: Author
  /** The stored words; old ones may be unknown (`general`). */
  category: string | null
  tags: string[]
  status: string | null
  publishedAt: Date | null
  views: number | null
  likes: number | null
  comments: number | null
  readTime: number | null
  featured: boolean | null
  seo: Record<string, unknown> | null
  createdAt: Date | null
  updatedAt: Date | null
}

/** What a command sets; absent fields stay as they are, null takes a value away. */
export type BlogPostPatch = Partial<
  Omit<BlogPost, 'id' | 'views' | 'likes' | 'comments' | 'createdAt' | 'updatedAt'>
>

export const postOrders = ['publishedAt', 'createdAt', 'views', 'likes'] as const
export type PostOrder = (typeof postOrders)[number]

export interface PostFilter {
  status?: string
  category?: string
  tag?: string
  featured?: boolean
  /** Somewhere in title, description or content, in any case. */
  search?: string
}

export interface PostListing extends Page {
  sortBy: PostOrder
  sortOrder: 'asc' | 'desc'
}

export interface CategoryCount {
  category: string | null
  count: number
}

/** One line per category as it is shown, ordered by it, the missing one last. */
export function mergeCounts(counts: readonly CategoryCount[]): CategoryCount[] {
  return mergeLines(counts, ['category'], (known, { count }) => ({ ...known, count: known.count + count }))
}

/** The author that a JSON value tells, whatever lies in it. */
export function authorOf(stored: unknown): Author {
  const author = documentOf(stored) ?? {}
  return { id: textOf(author.id), name: textOf(author.name), avatar: textOf(author.avatar) }
}

/** The videos that a JSON value tells; what is none among them is passed over. */
export function videosOf(stored: unknown): Video[] {
  if (!Array.isArray(stored)) return []
  return stored.flatMap((element) => {
    const video = documentOf(element)
    if (video === null) return []
    const { url, title, platform, embedId } = video
    return [{ url: textOf(url), title: textOf(title), platform: textOf(platform), embedId: textOf(embedId) }]
  })
}

/** What is stored as a document, or nothing where something else stands in its place. */
export function documentOf(stored: unknown): Record<string, unknown> | null {
  const isDocument = typeof stored === 'object' && stored !== null && !Array.isArray(stored)
  return isDocument ? (stored as Record<string, unknown>) : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
