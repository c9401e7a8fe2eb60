import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import { lenientArray, objectIdOf } from '../../../migration/lenient.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import type { EntityId } from '../../../platform/ids.ts'
import { emailTaken, referralCodeTaken } from '../errors.ts'
import type { User, UserChanges } from '../model.ts'
import type { UserRepository } from '../repository.ts'
import { containers, fieldsOf, type OldUser, tokenOf, userOf } from './documents.ts'
import { userModel } from './model.mongo.ts'

export function createUserRepository(context: MongoUnitContext): UserRepository {
  const { session } = context
  const model = userModel(context.connection)
  const { collection } = model

  async function first(filter: Record<string, unknown>): Promise<User | null> {
    const found = await model.findOne(filter, null, { session }).sort({ _id: 1 }).lean<OldUser>()
    return found === null ? null : userOf(found)
  }

  function touch(id: EntityId): Types.ObjectId {
    const _id = objectIdOf(id)
    context.touched(collection.collectionName, _id)
    return _id
  }

  async function update(id: EntityId, changes: UserChanges, at: Date): Promise<void> {
    const _id = touch(id)
    const stored = await model.findById(_id, containers, { session }).lean<OldUser>()
    const change = setAndUnset({ ...fieldsOf(changes, stored ?? { _id }), updatedAt: at })
    // The driver's update: Mongoose would cast what the document holds and refuse what it does not know.
    await collection.updateOne({ _id }, change, { session }).catch(refuseWrite)
  }

  return {
    find: (id) => first({ _id: objectIdOf(id) }),

    async findMany(ids) {
      const found = await model
        .find({ _id: { $in: ids.map(objectIdOf) } }, null, { session })
        .lean<OldUser[]>()
      return found.map(userOf)
    },

    findByEmail: (email) => first({ email }),

    async listSellers({ limit, offset }) {
      const found = collection.find(activeSellers, { session }).sort({ _id: -1 }).skip(offset).limit(limit)
      return (await found.toArray()).map((document) => userOf(document as OldUser))
    },

    countSellers: () => collection.countDocuments(activeSellers, { session }),

    findByReferralCode: (referralCode) => first({ referralCode }),

    // Nothing to lock: whoever changes what this snapshot has read makes the later write fail and run again.
    lock: (id) => first({ _id: objectIdOf(id) }),

    async insert({ id, createdAt, updatedAt, ...fields }) {
      const document = {
        _id: touch(id),
        ...nested(withoutNulls(fieldsOf(fields, null))),
        passkeys: [],
        refreshTokens: [],
        ...withoutNulls({ createdAt, updatedAt }),
        __v: 0,
      }
      // The driver's insert: Mongoose would fill in defaults for what the caller left out on purpose.
      await collection.insertOne(document, { session }).catch(refuseWrite)
    },

    update,

    async countReferral(id, at) {
      // Not `$inc`: old documents hold texts, which it refuses. The snapshot makes two of these meet, not overlap.
      const stats = (await first({ _id: objectIdOf(id) }))?.referralStats
      if (stats === undefined) return
      await update(id, { referralStats: { ...stats, totalReferrals: (stats.totalReferrals ?? 0) + 1 } }, at)
    },

    findByRefreshToken: (candidates) =>
      first({
        $or: [{ 'refreshTokens.tokenHash': { $in: candidates } }, { refreshTokens: { $in: candidates } }],
      }),

    async refreshTokens(id) {
      const found = await model.findById(objectIdOf(id), { refreshTokens: 1 }, { session }).lean<OldUser>()
      return lenientArray(found?.refreshTokens).flatMap(tokenOf)
    },

    async saveRefreshTokens(id, tokens, at) {
      const change = {
        $set: { refreshTokens: tokens.map((token) => withoutNulls({ ...token })), updatedAt: at },
      }
      await model.updateOne({ _id: touch(id) }, change, { session, timestamps: false })
    },
  }
}

/** A list that holds the word is not the word, though MongoDB's comparison looks into lists. */
const activeSellers = {
  role: 'seller',
  status: { $in: ['active', null] },
  $nor: [{ role: { $type: 'array' } }, { status: { $type: 'array' } }],
}

/** `{ 'points.total': 1 }` as `{ points: { total: 1 } }`, for a document that is built whole. */
function nested(fields: Record<string, unknown>): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(fields)) {
    const [head = path, tail] = path.split('.')
    if (tail === undefined) document[head] = value
    else document[head] = { ...(document[head] as object | undefined), [tail]: value }
  }
  return document
}

function refuseWrite(error: unknown): never {
  if (duplicatesIndex(error, 'email_1')) throw emailTaken(error)
  if (duplicatesIndex(error, 'referralCode_1')) throw referralCodeTaken(error)
  throw error
}
