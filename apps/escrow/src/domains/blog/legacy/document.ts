import {
  lenientBoolean,
  lenientDate,
  lenientInteger,
  lenientText,
  lenientTexts,
} from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import { parseId } from '../../../platform/ids.ts'
import { authorOf, type BlogPost, documentOf, videosOf } from '../model.ts'
import type { BlogPostDocument } from './model.mongo.ts'

/** The post that a document tells, whatever lies in it. */
export function postOf(document: BlogPostDocument): BlogPost {
  const json = (value: unknown) => lenientJson(value ?? null)
  return {
    id: parseId(document._id.toHexString()),
    title: lenientText(document.title),
    slug: lenientText(document.slug),
    description: lenientText(document.description),
    content: lenientText(document.content),
    coverImage: lenientText(document.coverImage),
    images: lenientTexts(document.images),
    videos: videosOf(json(document.videos)),
    author: authorOf(json(document.author)),
    category: lenientText(document.category),
    tags: lenientTexts(document.tags),
    status: lenientText(document.status),
    publishedAt: lenientDate(document.publishedAt),
    views: lenientInteger(document.views),
    likes: lenientInteger(document.likes),
    comments: lenientInteger(document.comments),
    readTime: lenientInteger(document.readTime),
    featured: lenientBoolean(document.featured),
    seo: documentOf(json(document.seo)),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
