import { setAndUnset } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import { lenientDate, lenientDocument, lenientText, objectIdOf } from '../../../migration/lenient.ts'
import { type MongoUnitContext, touchIn } from '../../../migration/mongo-unit-store.ts'
import { type EntityId, publicId } from '../../../platform/ids.ts'
import { disputeAlreadyOpen } from '../errors.ts'
import type { Dispute, DisputeFilter } from '../model.ts'
import type { DisputeRepository } from '../repository.ts'
import { openStatuses } from '../states.ts'
import { meanTimes, mergeCounts } from '../statistics.ts'
import { disputeOf, documentOf, elementOf } from './documents.ts'
import { type DisputeDocument, disputeModel } from './model.mongo.ts'

/** Disputes in MongoDB. Reads take documents as they lie; only inserts pass through the model. */
export function createDisputeRepository(context: MongoUnitContext): DisputeRepository {
  const { session } = context
  const model = disputeModel(context.connection)
  const { collection } = model
  const touch = touchIn(context, collection)
  const disputeOrNull = (found: unknown): Dispute | null =>
    found === null || found === undefined ? null : disputeOf(found as DisputeDocument)

  async function findOpen(purchaseRequestId: EntityId): Promise<Dispute | null> {
    const open = { purchaseRequestId: storedAs(purchaseRequestId), status: { $in: [...openStatuses] } }
    const [found] = await collection.find(open, { session }).sort({ _id: 1 }).limit(1).toArray()
    return disputeOrNull(found)
  }

  return {
    async insert(dispute) {
      // The index binds those of the application, this old ones too.
      if ((await findOpen(dispute.purchaseRequestId)) !== null) throw disputeAlreadyOpen()
      touch(dispute.id)
      try {
        await model.create([documentOf(dispute)], { session, timestamps: false })
      } catch (error) {
        if (duplicatesIndex(error, 'disputes_open_key')) throw disputeAlreadyOpen(error)
        throw error
      }
    },

    find: async (id) => disputeOrNull(await collection.findOne({ _id: objectIdOf(id) }, { session })),

    async findForUpdate(id) {
      // A write makes the second of two transactions fail that both decide on what they have read.
      const options = { session, returnDocument: 'after' } as const
      return disputeOrNull(await collection.findOneAndUpdate(touch(id), { $inc: { __v: 1 } }, options))
    },

    findOpen,

    async list(filter, page) {
      const found = await collection
        .find(matching(filter), { session })
        .sort({ createdAt: -1, _id: -1 })
        .skip(page.offset)
        .limit(page.limit)
        .toArray()
      return found.map((document) => disputeOf(document as DisputeDocument))
    },

    count: (filter) => collection.countDocuments(matching(filter), { session }),

    async countByStatusAndPriority() {
      const groups = await collection
        .aggregate([{ $group: { _id: { status: '$status', priority: '$priority' }, count: { $sum: 1 } } }], {
          session,
        })
        .toArray()
      return mergeCounts(
        groups.map(({ _id, count }) => ({
          status: lenientText(_id.status),
          priority: lenientText(_id.priority),
          count: Number(count),
        })),
      )
    },

    async timeToResolve() {
      // Times of old documents are text at times, with which the server does not calculate: it is done here.
      const resolved = collection.find(
        { 'resolution.resolvedAt': { $ne: null } },
        { session, projection: { category: 1, createdAt: 1, 'resolution.resolvedAt': 1 } },
      )
      const times = []
      for await (const { category, createdAt, resolution } of resolved) {
        const from = lenientDate(createdAt)
        const to = lenientDate(lenientDocument(resolution).resolvedAt)
        if (from === null || to === null) continue
        times.push({
          category: lenientText(category),
          count: 1,
          totalMs: BigInt(to.getTime() - from.getTime()),
        })
      }
      return meanTimes(times)
    },

    async update(id, { resolution, adminId, ...patch }, at) {
      const changes = {
        ...patch,
        adminId: adminId && objectIdOf(adminId),
        // As text, as its column has it.
        resolution: resolution && elementOf(resolution),
        updatedAt: at,
      }
      try {
        await collection.updateOne(touch(id), setAndUnset(changes), { session })
      } catch (error) {
        if (duplicatesIndex(error, 'disputes_open_key')) throw disputeAlreadyOpen(error)
        throw error
      }
    },

    async append(id, list, element, at) {
      const stored = await collection.findOne({ _id: objectIdOf(id) }, { session, projection: { [list]: 1 } })
      const added = elementOf(element)
      // Nothing can be pushed into what is no list: the new list takes its place.
      const change = Array.isArray(stored?.[list])
        ? { $push: { [list]: added } as never, $set: { updatedAt: at } }
        : { $set: { [list]: [added], updatedAt: at } }
      await collection.updateOne(touch(id), change, { session })
    },
  }
}

/** Old documents hold ids as text, too. */
function storedAs(id: EntityId) {
  return { $in: [objectIdOf(id), publicId(id)] }
}

function matching(filter: DisputeFilter): Record<string, unknown> {
  const { purchaseRequestId, partyId, adminId, ...words } = filter
  const given = Object.entries(words).filter(([, word]) => word !== undefined)
  return {
    ...Object.fromEntries(given),
    ...(purchaseRequestId === undefined ? {} : { purchaseRequestId: storedAs(purchaseRequestId) }),
    ...(adminId === undefined ? {} : { adminId: storedAs(adminId) }),
    ...(partyId === undefined
      ? {}
      : { $or: [{ buyerId: storedAs(partyId) }, { sellerId: storedAs(partyId) }] }),
  }
}
