import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import { lenientInteger, lenientText, objectIdOf } from '../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext, touchIn } from '../../../migration/mongo-unit-store.ts'
import { type BlogPostPatch, mergeCounts, type PostFilter } from '../model.ts'
import type { BlogPostRepository } from '../repository.ts'
import { postOf } from './document.ts'
import { type BlogPostDocument, blogLikeModel, blogPostModel } from './model.mongo.ts'

/** Posts in MongoDB. The legacy collection has no unique index: the service looks for a free slug before it writes. */
export function createBlogPostRepository(context: MongoUnitContext): BlogPostRepository {
  const { session } = context
  const model = blogPostModel(context.connection)
  // The driver's collection: Mongoose would fill in defaults for what a caller left out on purpose.
  const { collection } = model
  const touch = touchIn(context, collection)
  const postsOf = (documents: unknown[]) => documents.map((document) => postOf(document as BlogPostDocument))

  return {
    async insert({ id, ...fields }) {
      const document = { ...touch(id), ...withoutNulls(stored(fields)), __v: 0 }
      await collection.insertOne(document, { session })
    },

    async find(id) {
      return postsOf(await collection.find({ _id: objectIdOf(id) }, { session }).toArray())[0] ?? null
    },

    async findForUpdate(id) {
      const options = { session, returnDocument: 'after' } as const
      const found = await collection.findOneAndUpdate(touch(id), { $inc: { __v: 1 } }, options)
      return found === null ? null : postOf(found as BlogPostDocument)
    },

    async findBySlug(slug, status) {
      const filter = { slug, ...matching({ status }) }
      const found = await collection.find(filter, { session }).sort({ _id: 1 }).limit(1).toArray()
      return postsOf(found)[0] ?? null
    },

    async slugsLike(slug, except) {
      const filter = {
        slug: { $regex: `^${escaped(slug)}(-[0-9]+)?$` },
        ...(except === null ? {} : { _id: { $ne: objectIdOf(except) } }),
      }
      const found = await collection.find(filter, { session, projection: { slug: 1 } }).toArray()
      return found.map(({ slug }) => String(slug)).sort()
    },

    async list(filter, { page, limit, sortBy, sortOrder }) {
      const direction = sortOrder === 'desc' ? -1 : 1
      const items = await collection
        .find(matching(filter), { session })
        .sort({ [sortBy]: direction, _id: direction })
        .skip((page - 1) * limit)
        .limit(limit)
        .toArray()
      return {
        items: postsOf(items),
        total: await collection.countDocuments(matching(filter), { session }),
      }
    },

    async countByCategory(status) {
      const groups = await collection
        .aggregate([{ $match: matching({ status }) }, { $group: { _id: '$category', count: { $sum: 1 } } }], {
          session,
        })
        .toArray()
      return mergeCounts(
        groups.map(({ _id, count }) => ({ category: lenientText(_id), count: Number(count) })),
      )
    },

    async update(id, patch, at) {
      await collection.updateOne(touch(id), setAndUnset({ ...stored(patch), updatedAt: at }), { session })
    },

    async add(id, counter, change) {
      const found = await collection.findOne(
        { _id: objectIdOf(id) },
        { session, projection: { [counter]: 1 } },
      )
      if (found === null) return null
      // Set and not raised: old counts may be text. Whoever does so at the same moment is refused and comes again.
      const count = Math.max((lenientInteger(found[counter]) ?? 0) + change, 0)
      await collection.updateOne(touch(id), { $set: { [counter]: count } }, { session })
      return count
    },

    async remove(id) {
      await deleteTouched(blogLikeModel(context.connection), { postId: objectIdOf(id) }, context)
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },
  }
}

/** As documents hold it: nothing inside is null. */
function stored(fields: BlogPostPatch): Record<string, unknown> {
  const { videos, author } = fields
  return {
    ...fields,
    ...(videos === undefined ? {} : { videos: videos.map((video) => withoutNulls({ ...video })) }),
    ...(author === undefined ? {} : { author: withoutNulls({ ...author }) }),
  }
}

type Filter = Record<string, unknown>

function matching({ status, category, tag, featured, search }: PostFilter): Filter {
  const pattern = search === undefined ? undefined : { $regex: escaped(search), $options: 'i' }
  return {
    ...(status === undefined ? {} : { status }),
    ...(category === undefined ? {} : { category }),
    ...(tag === undefined ? {} : { tags: tag }),
    ...(featured === undefined ? {} : { featured: featured ? true : { $ne: true } }),
    ...(pattern === undefined
      ? {}
      : { $or: [{ title: pattern }, { description: pattern }, { content: pattern }] }),
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
