import { createAddressRepository } from '../domains/address/legacy/repository.mongo.ts'
import {
  createConfigHistoryRepository,
  createConfigSettingRepository,
} from '../domains/admin/legacy/repository.mongo.ts'
import { createTempVerificationRepository } from '../domains/auth/legacy/repository.mongo.ts'
import { createBlogLikeRepository } from '../domains/blog/legacy/likes.mongo.ts'
import { createBlogPostRepository } from '../domains/blog/legacy/repository.mongo.ts'
import { createChatMessageRepository } from '../domains/chat/legacy/messages.mongo.ts'
import { createChatRepository } from '../domains/chat/legacy/repository.mongo.ts'
import { createDisputeRepository } from '../domains/dispute/legacy/repository.mongo.ts'
import { createCategoryRepository } from '../domains/marketplace/category/legacy/repository.mongo.ts'
import { createOfferRepository } from '../domains/marketplace/offer/legacy/repository.mongo.ts'
import { createRequestRepository } from '../domains/marketplace/request/legacy/repository.mongo.ts'
import { createReviewRepository } from '../domains/marketplace/review/legacy/repository.mongo.ts'
import { createShopRepository } from '../domains/marketplace/shop/legacy/repository.mongo.ts'
import { createTemplateRepository } from '../domains/marketplace/template/legacy/repository.mongo.ts'
import { createNotificationRepository } from '../domains/notification/legacy/repository.mongo.ts'
import { createDestinationRepository } from '../domains/payment/destination/legacy/repository.mongo.ts'
import { createLedgerRepository } from '../domains/payment/legacy/ledger.repository.mongo.ts'
import { createPaymentRepository } from '../domains/payment/legacy/repository.mongo.ts'
import { createPointTransactionRepository } from '../domains/points/legacy/repository.mongo.ts'
import { createLevelRepository } from '../domains/points/level/legacy/repository.mongo.ts'
import { createTelegramLinkRepository } from '../domains/telegram/legacy/link.repository.mongo.ts'
import {
  createTelegramSessionRepository,
  createTelegramUpdateRepository,
} from '../domains/telegram/legacy/repository.mongo.ts'
import { createTrezorRepository } from '../domains/trezor/legacy/repository.mongo.ts'
import { createUserRepository } from '../domains/user/legacy/repository.mongo.ts'
import type {
  AddressRepositories,
  BlogRepositories,
  CategoryRepositories,
  ChatRepositories,
  ConfigRepositories,
  DisputeRepositories,
  LevelRepositories,
  NotificationRepositories,
  PaymentRepositories,
  RequestRepositories,
  ReviewRepositories,
  ShopRepositories,
  TelegramRepositories,
  TrezorRepositories,
  UserRepositories,
} from '../units.ts'
import { createMongoEffectStore } from './effects.mongo.ts'
import type { MongoUnitContext } from './mongo-unit-store.ts'

/** The repositories of each unit on MongoDB. */
export const mongoRepositories = {
  category: (context: MongoUnitContext): CategoryRepositories => ({
    categories: createCategoryRepository(context),
    effects: createMongoEffectStore(context, 'category'),
  }),
  shop: (context: MongoUnitContext): ShopRepositories => ({
    shops: createShopRepository(context),
    effects: createMongoEffectStore(context, 'shop'),
  }),
  level: (context: MongoUnitContext): LevelRepositories => ({
    levels: createLevelRepository(context),
    effects: createMongoEffectStore(context, 'level'),
  }),
  config: (context: MongoUnitContext): ConfigRepositories => ({
    settings: createConfigSettingRepository(context),
    history: createConfigHistoryRepository(context),
    effects: createMongoEffectStore(context, 'config'),
  }),
  user: (context: MongoUnitContext): UserRepositories => ({
    users: createUserRepository(context),
    pointTransactions: createPointTransactionRepository(context),
    telegramLinks: createTelegramLinkRepository(context),
    tempVerifications: createTempVerificationRepository(context),
    effects: createMongoEffectStore(context, 'user'),
  }),
  request: (context: MongoUnitContext): RequestRepositories => ({
    requests: createRequestRepository(context),
    offers: createOfferRepository(context),
    templates: createTemplateRepository(context),
    effects: createMongoEffectStore(context, 'request'),
  }),
  payment: (context: MongoUnitContext): PaymentRepositories => ({
    payments: createPaymentRepository(context),
    ledger: createLedgerRepository(context),
    destinations: createDestinationRepository(context),
    effects: createMongoEffectStore(context, 'payment'),
  }),
  address: (context: MongoUnitContext): AddressRepositories => ({
    addresses: createAddressRepository(context),
    effects: createMongoEffectStore(context, 'address'),
  }),
  review: (context: MongoUnitContext): ReviewRepositories => ({
    reviews: createReviewRepository(context),
    effects: createMongoEffectStore(context, 'review'),
  }),
  blog: (context: MongoUnitContext): BlogRepositories => ({
    posts: createBlogPostRepository(context),
    likes: createBlogLikeRepository(context),
    effects: createMongoEffectStore(context, 'blog'),
  }),
  dispute: (context: MongoUnitContext): DisputeRepositories => ({
    disputes: createDisputeRepository(context),
    effects: createMongoEffectStore(context, 'dispute'),
  }),
  notification: (context: MongoUnitContext): NotificationRepositories => ({
    notifications: createNotificationRepository(context),
    effects: createMongoEffectStore(context, 'notification'),
  }),
  trezor: (context: MongoUnitContext): TrezorRepositories => ({
    accounts: createTrezorRepository(context),
    effects: createMongoEffectStore(context, 'trezor'),
  }),
  chat: (context: MongoUnitContext): ChatRepositories => ({
    chats: createChatRepository(context),
    messages: createChatMessageRepository(context),
    effects: createMongoEffectStore(context, 'chat'),
  }),
  telegram: (context: MongoUnitContext): TelegramRepositories => ({
    sessions: createTelegramSessionRepository(context),
    updates: createTelegramUpdateRepository(context),
    effects: createMongoEffectStore(context, 'telegram'),
  }),
}
