import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../migration/legacy-model.ts'
import { lenientDate, lenientId, lenientText, objectIdOf } from '../../../migration/lenient.ts'
import { lenientJson } from '../../../migration/lenient-json.ts'
import type { MongoUnitContext } from '../../../migration/mongo-unit-store.ts'
import { parseId } from '../../../platform/ids.ts'
import { settingTaken } from '../errors.ts'
import type { ConfigSetting, ConfigSettingChange } from '../model.ts'
import type { ConfigHistoryRepository, ConfigSettingRepository } from '../repository.ts'
import { configSettingHistoryModel, configSettingModel } from './model.mongo.ts'

export function createConfigSettingRepository(context: MongoUnitContext): ConfigSettingRepository {
  const { session } = context
  const model = configSettingModel(context.connection)
  const { collection } = model
  return {
    async list() {
      const found = await model.find({}, null, { session, sort: { _id: 1 } }).lean<OldDocument[]>()
      return found.map(settingOf)
    },

    // Nothing to lock: whoever changes what this snapshot has read makes the later write fail and run again.
    async lock(key) {
      const found = await model.findOne({ key }, null, { session }).lean<OldDocument>()
      return found === null ? null : settingOf(found)
    },

    async insert({ id, updatedBy, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        ...withoutNulls({ ...fields, updatedBy: updatedBy && objectIdOf(updatedBy) }),
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch(refuseWrite)
    },

    async update({ id, updatedBy, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const change = setAndUnset({ ...fields, updatedBy: updatedBy && objectIdOf(updatedBy) })
      await collection.updateOne({ _id }, change, { session }).catch(refuseWrite)
    },
  }
}

export function createConfigHistoryRepository(context: MongoUnitContext): ConfigHistoryRepository {
  const { session } = context
  const model = configSettingHistoryModel(context.connection)
  const { collection } = model
  return {
    async insert({ id, changedBy, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        ...withoutNulls({ ...fields, changedBy: changedBy && objectIdOf(changedBy) }),
        __v: 0,
      }
      await collection.insertOne(document, { session })
    },

    async listOf(key, { page, limit }) {
      const items = await model
        .find({ key }, null, { session })
        .sort({ changedAt: -1, _id: -1 })
        .skip((page - 1) * limit)
        .limit(limit)
        .lean<OldDocument[]>()
      return { items: items.map(changeOf), total: await model.countDocuments({ key }, { session }) }
    },
  }
}

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

function refuseWrite(error: unknown): never {
  if (duplicatesIndex(error, 'key_1')) throw settingTaken(error)
  throw error
}

export function settingOf(document: OldDocument): ConfigSetting {
  return {
    id: parseId(document._id.toHexString()),
    key: lenientText(document.key),
    value: lenientJson(document.value ?? null),
    type: lenientText(document.type),
    description: lenientText(document.description),
    updatedBy: lenientId(document.updatedBy),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

export function changeOf(document: OldDocument): ConfigSettingChange {
  return {
    id: parseId(document._id.toHexString()),
    key: lenientText(document.key),
    oldValue: lenientJson(document.oldValue ?? null),
    newValue: lenientJson(document.newValue ?? null),
    changedBy: lenientId(document.changedBy),
    reason: lenientText(document.reason),
    changedAt: lenientDate(document.changedAt),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
