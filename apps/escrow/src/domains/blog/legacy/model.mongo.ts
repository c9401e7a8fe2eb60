import { type Connection, type Model, Schema, type Types } from 'mongoose'
import { legacyModel } from '../../../migration/legacy-model.ts'
import { freeSlug, slugOf } from '../slug.ts'
import { postCategories, postStatuses, videoPlatforms } from '../vocabulary.ts'

/** A document as it lies in the collection: old ones may lack, or misspell, anything but `_id`. */
export interface BlogPostDocument {
  _id: Types.ObjectId
  [path: string]: unknown
}

/** A post as the legacy system saves it. */
interface SavedPost {
  _id: Types.ObjectId
  title: string
  slug?: string
  description: string
  content: string
  coverImage?: string
  images: string[]
  videos: { url: string; title?: string; platform: string; embedId?: string }[]
  author: { id: string; name: string; avatar?: string }
  category: string
  tags: string[]
  status: string
  publishedAt?: Date
  views: number
  likes: number
  comments: number
  readTime: number
  featured: boolean
  seo?: unknown
}

const videoSchema = new Schema(
  {
    url: { type: String, required: true },
    title: String,
    platform: { type: String, enum: videoPlatforms, default: 'youtube' },
    embedId: String,
  },
  { _id: false },
)

export const blogPostSchema = new Schema<SavedPost>(
  {
    title: { type: String, required: true, maxlength: 200 },
    slug: { type: String, index: true },
    description: { type: String, required: true, maxlength: 500 },
    content: { type: String, required: true },
    coverImage: String,
    images: [String],
    videos: [videoSchema],
    author: {
      id: { type: String, required: true },
      name: { type: String, required: true },
      avatar: String,
    },
    category: { type: String, enum: postCategories, default: 'tutorial' },
    tags: [String],
    status: { type: String, enum: postStatuses, default: 'draft' },
    publishedAt: Date,
    views: { type: Number, default: 0 },
    likes: { type: Number, default: 0 },
    comments: { type: Number, default: 0 },
    readTime: { type: Number, default: 5 },
    featured: { type: Boolean, default: false },
    seo: Schema.Types.Mixed,
  },
  { timestamps: true },
)
blogPostSchema.index({ tags: 1 })
blogPostSchema.index({ status: 1, publishedAt: -1 })
blogPostSchema.index({ category: 1, status: 1, publishedAt: -1 })
blogPostSchema.index({ featured: 1, status: 1, publishedAt: -1 })

// As the past had it: it looks before it writes, so two saves at once leave two posts of one slug.
blogPostSchema.pre('save', async function makeSlug() {
  if (this.slug || !this.title) return
  const slug = slugOf(this.title)
  const session = this.$session()
  const others = { slug: { $regex: `^${slug}(-[0-9]+)?$` }, _id: { $ne: this._id } }
  const taken = await this.collection.find(others, session === null ? {} : { session }).toArray()
  this.slug =
    slug === ''
      ? ''
      : freeSlug(
          slug,
          taken.map(({ slug }) => String(slug)),
        )
})
blogPostSchema.pre('save', function stampPublishing() {
  if (this.status === 'published' && this.publishedAt === undefined) this.publishedAt = new Date()
})

export function blogPostModel(connection: Connection): Model<BlogPostDocument> {
  const schema = blogPostSchema as unknown as Schema<BlogPostDocument>
  return legacyModel(connection, 'BlogPost', schema, 'blogposts')
}

export interface BlogLikeDocument {
  _id: Types.ObjectId
  userId: Types.ObjectId
  postId: Types.ObjectId
  createdAt: Date
  updatedAt: Date
}

/** Not the past's: who likes what has a record since posts are liked by this program. */
export const blogLikeSchema = new Schema<BlogLikeDocument>(
  {
    userId: { type: Schema.Types.ObjectId, required: true },
    postId: { type: Schema.Types.ObjectId, required: true, index: true },
  },
  { timestamps: true },
)
blogLikeSchema.index({ userId: 1, postId: 1 }, { name: 'blog_likes_user_post_key', unique: true })

export function blogLikeModel(connection: Connection): Model<BlogLikeDocument> {
  return legacyModel(connection, 'BlogLike', blogLikeSchema, 'lb_blog_likes')
}
