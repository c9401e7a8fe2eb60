import type pg from 'pg'
import { createAddressRepository } from './domains/address/repository.postgres.ts'
import {
  createConfigHistoryRepository,
  createConfigSettingRepository,
} from './domains/admin/repository.postgres.ts'
import { createTempVerificationRepository } from './domains/auth/repository.postgres.ts'
import { createBlogLikeRepository } from './domains/blog/likes.postgres.ts'
import { createBlogPostRepository } from './domains/blog/repository.postgres.ts'
import { createChatMessageRepository } from './domains/chat/messages.postgres.ts'
import { createChatRepository } from './domains/chat/repository.postgres.ts'
import { createDisputeRepository } from './domains/dispute/repository.postgres.ts'
import { createCategoryRepository } from './domains/marketplace/category/repository.postgres.ts'
import { createOfferRepository } from './domains/marketplace/offer/repository.postgres.ts'
import { createRequestRepository } from './domains/marketplace/request/repository.postgres.ts'
import { createReviewRepository } from './domains/marketplace/review/repository.postgres.ts'
import { createShopRepository } from './domains/marketplace/shop/repository.postgres.ts'
import { createTemplateRepository } from './domains/marketplace/template/repository.postgres.ts'
import { createNotificationRepository } from './domains/notification/repository.postgres.ts'
import { createDestinationRepository } from './domains/payment/destination/repository.postgres.ts'
import { createLedgerRepository } from './domains/payment/ledger.repository.postgres.ts'
import { createPaymentRepository } from './domains/payment/repository.postgres.ts'
import { createLevelRepository } from './domains/points/level/repository.postgres.ts'
import { createPointTransactionRepository } from './domains/points/repository.postgres.ts'
import { createTelegramLinkRepository } from './domains/telegram/link.repository.postgres.ts'
import {
  createTelegramSessionRepository,
  createTelegramUpdateRepository,
} from './domains/telegram/repository.postgres.ts'
import { createTrezorRepository } from './domains/trezor/repository.postgres.ts'
import { createUserRepository } from './domains/user/repository.postgres.ts'
import type { Config } from './platform/config.ts'
import { createPool } from './platform/database.ts'
import { createEffectStore } from './platform/effects.postgres.ts'
import * as effects from './platform/effects.schema.ts'
import type { Logger } from './platform/logger.ts'
import { postgresUnitStore } from './platform/postgres-unit-store.ts'
import type { Units } from './units.ts'

/** Every unit on one Postgres. */
export function postgresUnits(pool: pg.Pool): Units {
  return {
    category: postgresUnitStore(pool, (db) => ({
      categories: createCategoryRepository(db),
      effects: createEffectStore(db, effects.categoryEffectOutbox, effects.categoryEffectInbox),
    })),
    shop: postgresUnitStore(pool, (db) => ({
      shops: createShopRepository(db),
      effects: createEffectStore(db, effects.shopEffectOutbox, effects.shopEffectInbox),
    })),
    level: postgresUnitStore(pool, (db) => ({
      levels: createLevelRepository(db),
      effects: createEffectStore(db, effects.levelEffectOutbox, effects.levelEffectInbox),
    })),
    config: postgresUnitStore(pool, (db) => ({
      settings: createConfigSettingRepository(db),
      history: createConfigHistoryRepository(db),
      effects: createEffectStore(db, effects.configEffectOutbox, effects.configEffectInbox),
    })),
    user: postgresUnitStore(pool, (db) => ({
      users: createUserRepository(db),
      pointTransactions: createPointTransactionRepository(db),
      telegramLinks: createTelegramLinkRepository(db),
      tempVerifications: createTempVerificationRepository(db),
      effects: createEffectStore(db, effects.userEffectOutbox, effects.userEffectInbox),
    })),
    request: postgresUnitStore(pool, (db) => ({
      requests: createRequestRepository(db),
      offers: createOfferRepository(db),
      templates: createTemplateRepository(db),
      effects: createEffectStore(db, effects.requestEffectOutbox, effects.requestEffectInbox),
    })),
    payment: postgresUnitStore(
      pool,
      (db) => ({
        payments: createPaymentRepository(db),
        ledger: createLedgerRepository(db),
        destinations: createDestinationRepository(db),
        effects: createEffectStore(db, effects.paymentEffectOutbox, effects.paymentEffectInbox),
      }),
      { isolation: 'serializable' },
    ),
    address: postgresUnitStore(pool, (db) => ({
      addresses: createAddressRepository(db),
      effects: createEffectStore(db, effects.addressEffectOutbox, effects.addressEffectInbox),
    })),
    review: postgresUnitStore(pool, (db) => ({
      reviews: createReviewRepository(db),
      effects: createEffectStore(db, effects.reviewEffectOutbox, effects.reviewEffectInbox),
    })),
    blog: postgresUnitStore(pool, (db) => ({
      posts: createBlogPostRepository(db),
      likes: createBlogLikeRepository(db),
      effects: createEffectStore(db, effects.blogEffectOutbox, effects.blogEffectInbox),
    })),
    dispute: postgresUnitStore(pool, (db) => ({
      disputes: createDisputeRepository(db),
      effects: createEffectStore(db, effects.disputeEffectOutbox, effects.disputeEffectInbox),
    })),
    notification: postgresUnitStore(pool, (db) => ({
      notifications: createNotificationRepository(db),
      effects: createEffectStore(db, effects.notificationEffectOutbox, effects.notificationEffectInbox),
    })),
    trezor: postgresUnitStore(pool, (db) => ({
      accounts: createTrezorRepository(db),
      effects: createEffectStore(db, effects.trezorEffectOutbox, effects.trezorEffectInbox),
    })),
    chat: postgresUnitStore(pool, (db) => ({
      chats: createChatRepository(db),
      messages: createChatMessageRepository(db),
      effects: createEffectStore(db, effects.chatEffectOutbox, effects.chatEffectInbox),
    })),
    telegram: postgresUnitStore(pool, (db) => ({
      sessions: createTelegramSessionRepository(db),
      updates: createTelegramUpdateRepository(db),
      effects: createEffectStore(db, effects.telegramEffectOutbox, effects.telegramEffectInbox),
    })),
  }
}

/** The units on the configured database, and how to let go of it. */
export function openPostgresUnits(
  config: Pick<Config, 'databaseUrl'>,
  logger: Logger,
): { units: Units; pool: pg.Pool; close(): Promise<void> } {
  const pool = createPool(config.databaseUrl, (error) =>
    logger.warn({ err: error }, 'a database connection was lost'),
  )
  return { units: postgresUnits(pool), pool, close: () => pool.end() }
}
