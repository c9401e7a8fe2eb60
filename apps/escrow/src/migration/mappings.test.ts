import { describe } from 'vitest'
import { addresses } from '../domains/address/legacy/mapping.ts'
import { addressSchema } from '../domains/address/legacy/model.mongo.ts'
import { configSettingHistory, configSettings } from '../domains/admin/legacy/mapping.ts'
import { configSettingHistorySchema, configSettingSchema } from '../domains/admin/legacy/model.mongo.ts'
import { tempVerifications } from '../domains/auth/legacy/mapping.ts'
import { tempVerificationSchema } from '../domains/auth/legacy/model.mongo.ts'
import { blogLikes, blogPosts } from '../domains/blog/legacy/mapping.ts'
import { blogLikeSchema, blogPostSchema } from '../domains/blog/legacy/model.mongo.ts'
import { categories } from '../domains/marketplace/category/legacy/mapping.ts'
import { categorySchema } from '../domains/marketplace/category/legacy/model.mongo.ts'
import { reviews } from '../domains/marketplace/review/legacy/mapping.ts'
import { reviewSchema } from '../domains/marketplace/review/legacy/model.mongo.ts'
import { shopSettings } from '../domains/marketplace/shop/legacy/mapping.ts'
import { shopSettingsSchema } from '../domains/marketplace/shop/legacy/model.mongo.ts'
import { notifications } from '../domains/notification/legacy/mapping.ts'
import { notificationSchema } from '../domains/notification/legacy/model.mongo.ts'
import { pointTransactions } from '../domains/points/legacy/mapping.ts'
import { pointTransactionSchema } from '../domains/points/legacy/model.mongo.ts'
import { levelConfigs } from '../domains/points/level/legacy/mapping.ts'
import { levelConfigSchema } from '../domains/points/level/legacy/model.mongo.ts'
import { telegramLinkSchema } from '../domains/telegram/legacy/link.model.mongo.ts'
import { telegramLinks, telegramSessions, telegramUpdates } from '../domains/telegram/legacy/mapping.ts'
import { telegramSessionSchema, telegramUpdateSchema } from '../domains/telegram/legacy/model.mongo.ts'
import { trezorAccounts } from '../domains/trezor/legacy/mapping.ts'
import { trezorAccountSchema } from '../domains/trezor/legacy/model.mongo.ts'
import { users } from '../domains/user/legacy/mapping.ts'
import { userSchema } from '../domains/user/legacy/model.mongo.ts'
import { effectMappings } from './effects.mapping.ts'
import { inboxSchema, outboxSchema } from './effects.mongo.ts'
import { mappingLaws } from './testing/mapping-laws.ts'

describe('the laws of the mappings', () => {
  mappingLaws(categories, categorySchema)
  mappingLaws(shopSettings, shopSettingsSchema)
  mappingLaws(levelConfigs, levelConfigSchema)
  mappingLaws(configSettings, configSettingSchema)
  mappingLaws(configSettingHistory, configSettingHistorySchema)
  mappingLaws(users, userSchema)
  mappingLaws(pointTransactions, pointTransactionSchema)
  mappingLaws(tempVerifications, tempVerificationSchema)
  mappingLaws(addresses, addressSchema)
  mappingLaws(reviews, reviewSchema)
  mappingLaws(blogPosts, blogPostSchema)
  mappingLaws(blogLikes, blogLikeSchema)
  mappingLaws(notifications, notificationSchema)
  mappingLaws(telegramLinks, telegramLinkSchema)
  mappingLaws(telegramSessions, telegramSessionSchema)
  mappingLaws(telegramUpdates, telegramUpdateSchema)
  mappingLaws(trezorAccounts, trezorAccountSchema)
  for (const mapping of effectMappings('user')) {
    mappingLaws(mapping, mapping.collection.endsWith('inbox') ? inboxSchema : outboxSchema)
  }
})
