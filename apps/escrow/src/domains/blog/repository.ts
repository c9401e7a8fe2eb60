import type { Paged } from '../../platform/answer.ts'
import type { EntityId } from '../../platform/ids.ts'
import type { BlogPost, BlogPostPatch, CategoryCount, PostFilter, PostListing } from './model.ts'

/** Posts in one store. */
export interface BlogPostRepository {
  /** Raises BLOG_SLUG_TAKEN. */
  insert(post: BlogPost): Promise<void>
  find(id: EntityId): Promise<BlogPost | null>
  /** The same, held until the transaction ends: nobody else changes this post meanwhile. */
  findForUpdate(id: EntityId): Promise<BlogPost | null>
  /** Of several with this slug (old data has twins) and status, the one with the lowest id. */
  findBySlug(slug: string, status?: string): Promise<BlogPost | null>
  /** Slugs that are `slug`, or it with a number behind a hyphen; those of `except` aside; ordered. */
  slugsLike(slug: string, except: EntityId | null): Promise<string[]>
  /** Posts without the value that they are sorted by come last when descending, else first; then the id decides. */
  list(filter: PostFilter, listing: PostListing): Promise<Paged<BlogPost>>
  /** Ordered by category; posts without one are a line of their own, the last. */
  countByCategory(status?: string): Promise<CategoryCount[]>
  /** Raises BLOG_SLUG_TAKEN. */
  update(id: EntityId, patch: BlogPostPatch, at: Date): Promise<void>
  /** Adds to what is counted, never below zero; answers the new count, or null where there is no such post. */
  add(id: EntityId, counter: 'views' | 'likes', change: 1 | -1): Promise<number | null>
  /** Goes with its likes. */
  remove(id: EntityId): Promise<void>
}

/** Who likes which post. Likes of the past have no record: they are in the post's count alone. Raises no domain errors. */
export interface BlogLikeRepository {
  /** Which of the posts this person likes, ordered. */
  likedBy(userId: EntityId, postIds: EntityId[]): Promise<EntityId[]>
  /** Whether it was not there before. */
  insert(like: BlogLike): Promise<boolean>
  /** Whether it was there. */
  remove(userId: EntityId, postId: EntityId): Promise<boolean>
}

export interface BlogLike {
  id: EntityId
  userId: EntityId
  postId: EntityId
  at: Date
}
