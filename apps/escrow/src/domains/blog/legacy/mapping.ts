import { defineMapping, objectId } from 'landbridge/mapping'
import { users } from '../../user/schema.ts'
import { blogLikes as likesTable, blogPosts as table } from '../schema.ts'

/** `blogposts`. Old data has several posts of one slug: the later ones keep theirs in `extra`. */
export const blogPosts = defineMapping({
  unit: 'blog',
  collection: 'blogposts',
  table,
  uniques: { blog_posts_slug_key: { paths: ['slug'], outcome: 'extra' } },
})

/** `lb_blog_likes`: not the past's, so nothing in it is messy. */
export const blogLikes = defineMapping({
  unit: 'blog',
  collection: 'lb_blog_likes',
  table: likesTable,
  fields: {
    userId: objectId(likesTable.userId, { to: () => users, orphan: 'keep' }),
    postId: objectId(likesTable.postId, { to: () => table, orphan: 'keep' }),
  },
  uniques: { blog_likes_user_post_key: { paths: ['userId', 'postId'], outcome: 'quarantine' } },
})
