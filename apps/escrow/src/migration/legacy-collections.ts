import type { Connection } from 'mongoose'
import { addressModel } from '../domains/address/legacy/model.mongo.ts'
import { configSettingHistoryModel, configSettingModel } from '../domains/admin/legacy/model.mongo.ts'
import { tempVerificationModel } from '../domains/auth/legacy/model.mongo.ts'
import { blogLikeModel, blogPostModel } from '../domains/blog/legacy/model.mongo.ts'
import { chatModel } from '../domains/chat/legacy/model.mongo.ts'
import { disputeModel } from '../domains/dispute/legacy/model.mongo.ts'
import { categoryModel } from '../domains/marketplace/category/legacy/model.mongo.ts'
import { sellerOfferModel } from '../domains/marketplace/offer/legacy/model.mongo.ts'
import { purchaseRequestModel } from '../domains/marketplace/request/legacy/model.mongo.ts'
import { reviewModel } from '../domains/marketplace/review/legacy/model.mongo.ts'
import { shopSettingsModel } from '../domains/marketplace/shop/legacy/model.mongo.ts'
import { requestTemplateModel } from '../domains/marketplace/template/legacy/model.mongo.ts'
import { notificationModel } from '../domains/notification/legacy/model.mongo.ts'
import { counterModel, derivedDestinationModel } from '../domains/payment/destination/legacy/model.mongo.ts'
import { fundsLedgerEntryModel, paymentModel } from '../domains/payment/legacy/model.mongo.ts'
import { pointTransactionModel } from '../domains/points/legacy/model.mongo.ts'
import { levelConfigModel } from '../domains/points/level/legacy/model.mongo.ts'
import { telegramLinkModel } from '../domains/telegram/legacy/link.model.mongo.ts'
import { telegramSessionModel, telegramUpdateModel } from '../domains/telegram/legacy/model.mongo.ts'
import { trezorAccountModel } from '../domains/trezor/legacy/model.mongo.ts'
import { userModel } from '../domains/user/legacy/model.mongo.ts'
import { inboxModel, outboxModel } from './effects.mongo.ts'
import { createLegacyCollection } from './legacy-model.ts'

const units = [
  'category',
  'shop',
  'level',
  'config',
  'user',
  'request',
  'payment',
  'address',
  'review',
  'blog',
  'dispute',
  'notification',
  'trezor',
  'chat',
  'telegram',
] as const

/** Makes every collection and index that the legacy system has, and the units' effect collections. */
export async function createLegacyCollections(connection: Connection): Promise<void> {
  await createLegacyCollection(categoryModel(connection))
  await createLegacyCollection(shopSettingsModel(connection))
  await createLegacyCollection(levelConfigModel(connection))
  await createLegacyCollection(configSettingModel(connection))
  await createLegacyCollection(configSettingHistoryModel(connection))
  await createLegacyCollection(userModel(connection))
  await createLegacyCollection(telegramLinkModel(connection))
  await createLegacyCollection(tempVerificationModel(connection))
  await createLegacyCollection(pointTransactionModel(connection))
  await createLegacyCollection(purchaseRequestModel(connection))
  await createLegacyCollection(sellerOfferModel(connection))
  await createLegacyCollection(requestTemplateModel(connection))
  await createLegacyCollection(paymentModel(connection))
  await createLegacyCollection(fundsLedgerEntryModel(connection))
  await createLegacyCollection(addressModel(connection))
  await createLegacyCollection(reviewModel(connection))
  await createLegacyCollection(blogPostModel(connection))
  await createLegacyCollection(blogLikeModel(connection))
  await createLegacyCollection(disputeModel(connection))
  await createLegacyCollection(notificationModel(connection))
  await createLegacyCollection(derivedDestinationModel(connection))
  await createLegacyCollection(counterModel(connection))
  await createLegacyCollection(trezorAccountModel(connection))
  await createLegacyCollection(chatModel(connection))
  await createLegacyCollection(telegramSessionModel(connection))
  await createLegacyCollection(telegramUpdateModel(connection))
  for (const unit of units) {
    await createLegacyCollection(outboxModel(connection, unit))
    await createLegacyCollection(inboxModel(connection, unit))
  }
}
