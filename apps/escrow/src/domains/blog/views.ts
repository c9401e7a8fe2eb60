import { z } from 'zod'
import { publicId } from '../../platform/ids.ts'
import type { BlogPost } from './model.ts'

const text = z.string().nullable()

export const postSummaryView = z.object({
  id: z.string(),
  title: text,
  slug: z.string(),
  description: text,
  excerpt: text,
  coverImage: text,
  author: z.object({ id: text, name: text, avatar: text }),
  category: z.string(),
  tags: z.array(z.string()),
  status: z.string(),
  publishedAt: text,
  views: z.number(),
  viewsCount: z.number(),
  likes: z.number(),
  comments: z.number(),
  readTime: z.number(),
  featured: z.boolean(),
  isFeatured: z.boolean(),
  createdAt: text,
  updatedAt: text,
})

export const postView = postSummaryView.extend({
  content: text,
  images: z.array(z.string()),
  videos: z.array(z.object({ url: text, title: text, platform: z.string(), embedId: text })),
  seo: z.record(z.string(), z.unknown()),
})

/** What lists show. Some clients know a field by another name; both are there. */
export function summaryViewOf(post: BlogPost): z.input<typeof postSummaryView> {
  const views = post.views ?? 0
  const featured = post.featured ?? false
  return {
    id: publicId(post.id),
    title: post.title,
    slug: post.slug ?? '',
    description: post.description,
    excerpt: post.description,
    coverImage: post.coverImage,
    author: post.author,
    category: post.category ?? 'other',
    tags: post.tags,
    status: post.status ?? 'draft',
    publishedAt: post.publishedAt?.toISOString() ?? null,
    views,
    viewsCount: views,
    likes: post.likes ?? 0,
    comments: post.comments ?? 0,
    readTime: post.readTime ?? 5,
    featured,
    isFeatured: featured,
    createdAt: post.createdAt?.toISOString() ?? null,
    updatedAt: post.updatedAt?.toISOString() ?? null,
  }
}

export function postViewOf(post: BlogPost): z.input<typeof postView> {
  return {
    ...summaryViewOf(post),
    content: post.content,
    images: post.images,
    videos: post.videos.map((video) => ({ ...video, platform: video.platform ?? 'other' })),
    seo: post.seo ?? {},
  }
}
