import { setAndUnset } from '../../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../../migration/legacy-model.ts'
import { lenientId, objectIdOf } from '../../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../../migration/mongo-unit-store.ts'
import { type EntityId, publicId } from '../../../../platform/ids.ts'
import { linkTaken } from '../errors.ts'
import { isUsedUp, type RequestTemplate, type SellerOfTemplates, type TemplateFilter } from '../model.ts'
import type { TemplateRepository } from '../repository.ts'
import { changedPaths, changesFor, documentOf, templateOf } from './documents.ts'
import { type RequestTemplateDocument, requestTemplateModel } from './model.mongo.ts'

/** Templates in MongoDB. Reads take documents as they lie; only inserts pass through the model. */
export function createTemplateRepository(context: MongoUnitContext): TemplateRepository {
  const { session } = context
  const model = requestTemplateModel(context.connection)
  const { collection } = model
  const touch = touchIn(context, collection)
  const templateOrNull = (found: unknown): RequestTemplate | null =>
    found === null || found === undefined ? null : templateOf(found as RequestTemplateDocument)

  /** A write makes the second of two transactions fail that both decide on what they have read. */
  const hold = (id: EntityId) =>
    collection.findOneAndUpdate(touch(id), { $inc: { __v: 1 } }, { session, returnDocument: 'after' })

  async function sellersAt(at: Date): Promise<SellerOfTemplates[]> {
    const groups = await collection
      .aggregate(
        [{ $match: matching({ openAt: at }) }, { $group: { _id: '$sellerId', count: { $sum: 1 } } }],
        { session },
      )
      .toArray()
    // Old documents name one seller by an ObjectId here and by text there.
    const counts = new Map<EntityId, number>()
    for (const { _id, count } of groups) {
      const sellerId = lenientId(_id)
      if (sellerId !== null) counts.set(sellerId, (counts.get(sellerId) ?? 0) + Number(count))
    }
    return [...counts]
      .map(([sellerId, templates]) => ({ sellerId, templates }))
      .sort((left, right) => right.templates - left.templates || (left.sellerId < right.sellerId ? -1 : 1))
  }

  return {
    async insert(template) {
      touch(template.id)
      try {
        await model.create([documentOf(template)], { session, timestamps: false })
      } catch (error) {
        if (duplicatesIndex(error, 'shareableLink_1')) throw linkTaken(error)
        throw error
      }
    },

    find: async (id) => templateOrNull(await collection.findOne({ _id: objectIdOf(id) }, { session })),
    findForUpdate: async (id) => templateOrNull(await hold(id)),
    findByLink: async (shareableLink) =>
      templateOrNull(await collection.findOne({ shareableLink }, { session })),

    async findMany(ids) {
      const found = await collection.find({ _id: { $in: ids.map(objectIdOf) } }, { session }).toArray()
      return found.map((document) => templateOf(document as RequestTemplateDocument))
    },

    async list(filter, page) {
      const found = await collection
        .find(matching(filter), { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip(page.offset)
        .limit(page.limit)
        .toArray()
      return found.map((document) => templateOf(document as RequestTemplateDocument))
    },

    count: (filter) => collection.countDocuments(matching(filter), { session }),

    sellers: async (at, { offset, limit }) => (await sellersAt(at)).slice(offset, offset + limit),
    countSellers: async (at) => (await sellersAt(at)).length,

    async update(id, patch, at) {
      const stored = await collection.findOne({ _id: objectIdOf(id) }, { session })
      const changes = changesFor(stored ?? {}, { ...changedPaths(patch), updatedAt: at })
      await collection.updateOne(touch(id), setAndUnset(changes), { session })
    },

    async countUse(id, at) {
      const template = templateOrNull(await hold(id))
      if (template === null || isUsedUp(template)) return false
      // Set, not raised: an old count may be text.
      const change = { $set: { usageCount: (template.usageCount ?? 0) + 1, updatedAt: at } }
      await collection.updateOne(touch(id), change, { session })
      return true
    },
  }
}

function matching({ sellerId, openAt }: TemplateFilter): Record<string, unknown> {
  return {
    // One whose id was written by hand has no address and does not cross: no list shows it, none counts it.
    _id: { $type: 'objectId' },
    // Old documents hold ids as text, too.
    ...(sellerId === undefined ? {} : { sellerId: { $in: [objectIdOf(sellerId), publicId(sellerId)] } }),
    ...(openAt === undefined
      ? {}
      : {
          isActive: true,
          // An end as ISO text compares as text; words that are no time (they come behind all digits) end nothing.
          $or: [
            { expiresAt: null },
            { expiresAt: { $gt: openAt } },
            { expiresAt: { $gt: openAt.toISOString() } },
          ],
        }),
  }
}
