import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../../migration/legacy-model.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { lenientJson } from '../../../../migration/lenient-json.ts'
import { deleteTouched, type MongoUnitContext } from '../../../../migration/mongo-unit-store.ts'
import { parseId } from '../../../../platform/ids.ts'
import { levelTaken } from '../errors.ts'
import { type LevelConfig, storedBenefits } from '../model.ts'
import type { LevelRepository } from '../repository.ts'
import { levelConfigModel } from './model.mongo.ts'

export function createLevelRepository(context: MongoUnitContext): LevelRepository {
  const { session } = context
  const model = levelConfigModel(context.connection)
  const { collection } = model
  return {
    async list({ activeOnly }) {
      const found = await model
        .find(activeOnly ? { isActive: true } : {}, null, { session, sort: { _id: 1 } })
        .lean<OldDocument[]>()
      return found.map(levelOf)
    },

    async find(id) {
      const found = await model.findById(objectIdOf(id), null, { session }).lean<OldDocument>()
      return found === null ? null : levelOf(found)
    },

    async insert({ id, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      // The driver's insert: Mongoose would fill in defaults for what the caller left out on purpose.
      await collection.insertOne({ _id, ...withoutNulls(fields), __v: 0 }, { session }).catch(refuseWrite)
    },

    async update({ id, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      await collection.updateOne({ _id }, setAndUnset(fields), { session }).catch(refuseWrite)
    },

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },
  }
}

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

function refuseWrite(error: unknown): never {
  if (duplicatesIndex(error, 'level_1')) throw levelTaken(error)
  throw error
}

export function levelOf(document: OldDocument): LevelConfig {
  return {
    id: parseId(document._id.toHexString()),
    level: lenientInteger(document.level),
    name: lenientText(document.name),
    nameEn: lenientText(document.nameEn),
    minPoints: lenientInteger(document.minPoints),
    maxPoints: lenientInteger(document.maxPoints),
    benefits: storedBenefits(lenientJson(document.benefits ?? null)),
    icon: lenientText(document.icon),
    color: lenientText(document.color),
    order: lenientInteger(document.order),
    isActive: lenientBoolean(document.isActive),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
