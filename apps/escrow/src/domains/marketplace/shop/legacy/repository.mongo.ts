import type { Types } from 'mongoose'
import { setAndUnset, withoutNulls } from '../../../../migration/document-changes.ts'
import { duplicatesIndex } from '../../../../migration/legacy-model.ts'
import {
  lenientArray,
  lenientBoolean,
  lenientDate,
  lenientDocument,
  lenientId,
  lenientInteger,
  lenientText,
  objectIdOf,
} from '../../../../migration/lenient.ts'
import { lenientJson } from '../../../../migration/lenient-json.ts'
import type { MongoUnitContext } from '../../../../migration/mongo-unit-store.ts'
import { type EntityId, parseId, publicId } from '../../../../platform/ids.ts'
import { shopExists } from '../errors.ts'
import { type ShopSettings, socialLinksOf } from '../model.ts'
import type { ShopRepository } from '../repository.ts'
import { shopChains, shopTokens } from '../vocabulary.ts'
import { shopSettingsModel } from './model.mongo.ts'

export function createShopRepository(context: MongoUnitContext): ShopRepository {
  const { session } = context
  const model = shopSettingsModel(context.connection)
  const { collection } = model

  async function findBySeller(sellerId: EntityId): Promise<ShopSettings | null> {
    const found = await collection.findOne(
      { sellerId: { $in: storedAs(sellerId) } },
      { session, sort: { _id: 1 } },
    )
    return found === null ? null : shopOf(found as OldDocument)
  }

  return {
    findBySeller,

    async findBySellers(sellerIds) {
      if (sellerIds.length === 0) return []
      const filter = { sellerId: { $in: sellerIds.flatMap(storedAs) } }
      const found = await collection.find(filter, { session }).sort({ _id: -1 }).toArray()
      const shops = found.map((document) => shopOf(document as OldDocument))
      // The lowest id comes last, and stays.
      return [...new Map(shops.map((shop) => [shop.sellerId, shop])).values()]
    },

    // Nothing to lock: whoever changes what this snapshot has read makes the later write fail and run again.
    lockBySeller: findBySeller,

    async insert({ id, socialLinks, allowedChains, allowedTokens, sellerId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const document = {
        _id,
        ...withoutNulls({
          sellerId: sellerId && objectIdOf(sellerId),
          ...fields,
          socialLinks,
          paymentConfig: withoutNulls({ allowedChains, allowedTokens }),
        }),
        __v: 0,
      }
      await collection.insertOne(document, { session }).catch(refuseWrite)
    },

    async update({ id, allowedChains, allowedTokens, sellerId, ...fields }) {
      const _id = objectIdOf(id)
      context.touched(collection.collectionName, _id)
      const stored = await model.findById(_id, { paymentConfig: 1 }, { session }).lean<OldDocument>()
      const change = setAndUnset({
        ...fields,
        sellerId: sellerId && objectIdOf(sellerId),
        // As a whole: an old document may hold something that has no members.
        paymentConfig: {
          ...withoutAllowed(lenientDocument(stored?.paymentConfig)),
          ...withoutNulls({ allowedChains, allowedTokens }),
        },
      })
      await collection.updateOne({ _id }, change, { session }).catch(refuseWrite)
    },
  }
}

/** Old documents hold ids as text, too: the unique index took the two for two sellers. */
function storedAs(id: EntityId) {
  return [objectIdOf(id), publicId(id)]
}

/** Whatever an old document holds. */
type OldDocument = Record<string, unknown> & { _id: Types.ObjectId }

function withoutAllowed({ allowedChains, allowedTokens, ...rest }: Record<string, unknown>): object {
  return rest
}

function refuseWrite(error: unknown): never {
  if (duplicatesIndex(error, 'sellerId_1')) throw shopExists(error)
  throw error
}

export function shopOf(document: OldDocument): ShopSettings {
  const paymentConfig = lenientDocument(document.paymentConfig)
  return {
    id: parseId(document._id.toHexString()),
    sellerId: lenientId(document.sellerId),
    name: lenientText(document.name),
    description: lenientText(document.description),
    avatar: lenientText(document.avatar),
    coverImage: lenientText(document.coverImage),
    isPublic: lenientBoolean(document.isPublic),
    allowSellerReviews: lenientBoolean(document.allowSellerReviews),
    allowTemplateReviews: lenientBoolean(document.allowTemplateReviews),
    socialLinks: socialLinksOf(lenientJson(document.socialLinks ?? null)),
    allowedChains: knownOnly(paymentConfig.allowedChains, (element) => {
      const chain = lenientInteger(element)
      return shopChains.find((known) => known === chain)
    }),
    allowedTokens: knownOnly(paymentConfig.allowedTokens, (element) =>
      shopTokens.find((known) => known === element),
    ),
    createdAt: lenientDate(document.createdAt),
    updatedAt: lenientDate(document.updatedAt),
  }
}

/** The elements of an array, or null where something unknown lies among them; nulls count for nothing. */
function knownOnly<Element>(
  stored: unknown,
  known: (element: unknown) => Element | undefined,
): Element[] | null {
  if (!Array.isArray(stored)) return null
  const elements = lenientArray(stored).flatMap((element) => (element === null ? [] : [known(element)]))
  const all = elements.filter((element) => element !== undefined)
  return all.length === elements.length ? all : null
}
