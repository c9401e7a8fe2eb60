import { keptText } from '../../platform/extra.ts'
import { authorOf, type BlogPost, documentOf, videosOf } from './model.ts'
import type { blogPosts } from './schema.ts'

/** The post that a row tells; where a column is null, old words that the row keeps beside it are shown. */
export function postOf(row: typeof blogPosts.$inferSelect): BlogPost {
  const shown = (column: string | null, path: string) => column ?? keptText(row.extra, path)
  return {
    id: row.id,
    title: shown(row.title, 'title'),
    slug: shown(row.slug, 'slug'),
    description: shown(row.description, 'description'),
    content: shown(row.content, 'content'),
    coverImage: shown(row.coverImage, 'coverImage'),
    images: texts(row.images),
    videos: videosOf(row.videos),
    author: authorOf(row.author),
    category: shown(row.category, 'category'),
    tags: texts(row.tags),
    status: shown(row.status, 'status'),
    publishedAt: row.publishedAt,
    views: row.views,
    likes: row.likes,
    comments: row.comments,
    readTime: row.readTime,
    featured: row.featured,
    seo: documentOf(row.seo),
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
  }
}

/** Typed as texts, but old arrays hold nulls, too. */
function texts(column: string[] | null): string[] {
  return (column ?? []).filter((element) => element !== null)
}
