import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../../migration/document-changes.ts'
import {
  lenientBoolean,
  lenientDate,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { deleteTouched, type MongoUnitContext } from '../../../../migration/mongo-unit-store.ts'
import { parseId } from '../../../../platform/ids.ts'
import type { Category } from '../model.ts'
import type { CategoryRepository } from '../repository.ts'
import { categoryModel } from './model.mongo.ts'

export function createCategoryRepository(context: MongoUnitContext): CategoryRepository {
  const { session } = context
  const model = categoryModel(context.connection)
  const { collectionName } = model.collection
  return {
    async list({ activeOnly }) {
      const found = await model
        .find(activeOnly ? { isActive: true } : {}, null, { session, sort: { _id: 1 } })
        .lean<OldDocument[]>()
      return found.map(categoryOf)
    },

    async find(id) {
      const found = await model.findById(objectIdOf(id), null, { session }).lean<OldDocument>()
      return found === null ? null : categoryOf(found)
    },

    async findMany(ids) {
      const found = await model
        .find({ _id: { $in: ids.map(objectIdOf) } }, null, { session })
        .lean<OldDocument[]>()
      return found.map(categoryOf)
    },

    async hasChildren(id) {
      return (await model.findOne({ parentId: objectIdOf(id) }, { _id: 1 }, { session }).lean()) !== null
    },

    async insert({ id, parentId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collectionName, _id)
      // The driver's insert: Mongoose would fill in defaults for what the caller left out on purpose.
      await model.collection.insertOne(
        { _id, ...withoutNulls({ ...fields, parentId: parentId && objectIdOf(parentId) }), __v: 0 },
        { session },
      )
    },

    async update({ id, parentId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collectionName, _id)
      const change = setAndUnset({ ...fields, parentId: parentId && objectIdOf(parentId) })
      await model.updateOne({ _id }, change, { session, timestamps: false })
    },

    async remove(id) {
      await deleteTouched(model, { _id: objectIdOf(id) }, context)
    },
  }
}

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

export function categoryOf(document: OldDocument): Category {
  return {
    id: parseId(document._id.toHexString()),
    name: lenientText(document.name),
    nameEn: lenientText(document.nameEn),
    description: lenientText(document.description),
    icon: lenientText(document.icon),
    isActive: lenientBoolean(document.isActive),
    parentId: lenientId(document.parentId),
    order: lenientInteger(document.order),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}
