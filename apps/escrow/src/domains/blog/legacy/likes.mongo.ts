import type { Types } from 'mongoose'
import { lenientId, objectIdOf } from '../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import type { EntityId } from '../../../platform/ids.ts'
import type { BlogLikeRepository } from '../repository.ts'
import { blogLikeModel } from './model.mongo.ts'

export function createBlogLikeRepository(context: MongoUnitContext): BlogLikeRepository {
  const { session } = context
  const model = blogLikeModel(context.connection)
  const { collection } = model
  return {
    async likedBy(userId, postIds) {
      const filter = { userId: objectIdOf(userId), postId: { $in: postIds.map(objectIdOf) } }
      const found = await collection.find(filter, { session, projection: { postId: 1 } }).toArray()
      return found.flatMap(({ postId }) => lenientId(postId) ?? []).sort()
    },

    async insert({ id, userId, postId, at }) {
      const pair = pairOf(userId, postId)
      if ((await collection.findOne(pair, { session })) !== null) return false
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      await collection.insertOne({ _id, ...pair, createdAt: at, updatedAt: at, __v: 0 }, { session })
      return true
    },

    async remove(userId, postId) {
      return (await deleteTouched(model, pairOf(userId, postId), context)) > 0
    },
  }
}

function pairOf(userId: EntityId, postId: EntityId): Record<'userId' | 'postId', Types.ObjectId> {
  return { userId: objectIdOf(userId), postId: objectIdOf(postId) }
}
