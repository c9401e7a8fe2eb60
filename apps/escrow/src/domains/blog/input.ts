import { z } from 'zod'
import { pageSchema } from '../../platform/answer.ts'
import { postOrders } from './model.ts'
import { postCategories, postStatuses, videoPlatforms } from './vocabulary.ts'

const image = z.string().max(500)
const video = z.object({
  url: z.url({ protocol: /^https?$/ }).max(500),
  title: z.string().max(200).nullish(),
  platform: z.enum(videoPlatforms).default('youtube'),
  embedId: z.string().max(100).nullish(),
})

const fields = {
  title: z.string().trim().min(1).max(200),
  /** Made from the title where it is left out or empty. */
  slug: z.string().trim().max(220).optional(),
  description: z.string().trim().min(1).max(500),
  content: z.string().min(1).max(200_000),
  coverImage: image.nullish(),
  images: z.array(image).max(50),
  videos: z.array(video).max(20),
  category: z.enum(postCategories),
  tags: z.array(z.string().trim().min(1).max(50)).max(30),
  status: z.enum(postStatuses),
  readTime: z.number().int().min(1).max(600),
  featured: z.boolean(),
  seo: z
    .object({
      metaTitle: z.string().max(200).optional(),
      metaDescription: z.string().max(500).optional(),
      keywords: z.array(z.string().max(50)).max(30).optional(),
      ogImage: image.optional(),
    })
    .nullish(),
}

export const newPostSchema = z.object({
  ...fields,
  images: fields.images.default([]),
  videos: fields.videos.default([]),
  category: fields.category.default('tutorial'),
  tags: fields.tags.default([]),
  status: fields.status.default('draft'),
  readTime: fields.readTime.default(5),
  featured: fields.featured.default(false),
})
export type NewPost = z.output<typeof newPostSchema>

/** No defaults here: what a change does not name stays as it is. */
export const postChangesSchema = z.object(fields).partial()
export type PostChanges = z.output<typeof postChangesSchema>

const listing = pageSchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  category: z.string().max(50).optional(),
  tag: z.string().max(50).optional(),
  search: z.string().trim().min(1).max(100).optional(),
  sortBy: z.enum(postOrders).default('publishedAt'),
  sortOrder: z.enum(['asc', 'desc']).default('desc'),
})
export const publicListSchema = listing
export const adminListSchema = listing.extend({
  status: z.enum(postStatuses).optional(),
  sortBy: z.enum(postOrders).default('createdAt'),
})
export const searchSchema = pageSchema.extend({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  q: z.string().trim().min(2).max(100),
})
export const fewSchema = z.object({ limit: z.coerce.number().int().min(1).max(50).default(5) })
