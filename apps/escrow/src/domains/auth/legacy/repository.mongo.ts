import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import { lenientDate, lenientInteger, lenientText, objectIdOf } from '../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { parseId } from '../../../platform/ids.ts'
import type { TempVerification } from '../model.ts'
import type { TempVerificationRepository } from '../repository.ts'
import { tempVerificationModel } from './model.mongo.ts'

export function createTempVerificationRepository(context: MongoUnitContext): TempVerificationRepository {
  const { session } = context
  const model = tempVerificationModel(context.connection)
  const { collection } = model
  return {
    async lockByEmail(email) {
      const found = await model.findOne({ email }, null, { session }).lean<OldVerification>()
      return found === null ? null : verificationOf(found)
    },

    async save({ id, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const { matchedCount } = await collection.updateOne({ _id }, setAndUnset(fields), { session })
      if (matchedCount === 0) {
        await collection.insertOne({ _id, ...withoutNulls(fields), __v: 0 }, { session })
      }
    },

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },

    // MongoDB removes them itself, by its TTL index.
    removeExpired: async () => 0,
  }
}

/** Whatever an old document holds. */
type OldVerification = Record<string, unknown> & { _id: Types.ObjectId }

export function verificationOf(document: OldVerification): TempVerification {
  return {
    id: parseId(document._id.toHexString()),
    email: lenientText(document.email),
    password: lenientText(document.password),
    firstName: lenientText(document.firstName),
    lastName: lenientText(document.lastName),
    role: lenientText(document.role),
    referralCode: lenientText(document.referralCode),
    emailVerificationCode: lenientText(document.emailVerificationCode),
    emailVerificationCodeExpires: lenientDate(document.emailVerificationCodeExpires),
    attempts: lenientInteger(document.attempts),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
